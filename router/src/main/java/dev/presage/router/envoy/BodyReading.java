package dev.presage.router.envoy;

import com.google.protobuf.ByteString;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.request.Reading;
import dev.presage.router.request.RequestFormats;
import dev.presage.router.request.RequestHead;
import dev.presage.router.request.RequestReader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds a request body while it comes in, and reads it meanwhile. A reader that fails leaves the request opaque, and its body
 * as it is.
 */
final class BodyReading {
    private final Headers headers;
    private final Addressing addressing;
    private final ExtProcListener listener;
    private final RequestFormats formats;
    private final int maxPlainBytes;
    private RequestReader reader;
    private ByteString held = ByteString.EMPTY;
    /** The body as it came, once {@link #held} is its plain form. */
    private @Nullable ByteString compressed;

    private boolean broken;

    BodyReading(Headers headers, RequestRouting routing) {
        this.headers = headers;
        this.addressing = routing.addressing();
        this.listener = routing.listener();
        this.formats = routing.settings().formats();
        this.maxPlainBytes = routing.settings().maxHeldBytes();
        this.reader = formats.reader(RequestHead.of(headers.path(), name -> headers.first(name)));
    }

    void add(ByteString chunk) {
        held = held.concat(chunk);
        read(chunk);
    }

    private void read(ByteString chunk) {
        if (broken) {
            return;
        }
        try {
            chunk.asReadOnlyByteBufferList().forEach(reader::feed);
        } catch (RuntimeException | LinkageError e) {
            broken = true;
            listener.fault("read", e);
        }
    }

    /** Bytes held. */
    int size() {
        return held.size();
    }

    ByteString held() {
        return held;
    }

    /** Whether the value that may be replaced is held. */
    boolean modelIsRead() {
        return !reader.modelSpan().isEmpty();
    }

    /** The whole body is there. */
    Reading finish(String id) {
        expose();
        if (!broken) {
            try {
                return finished(reader.finish(id, clientId(), buffers()));
            } catch (RuntimeException | LinkageError e) {
                listener.fault("read", e);
            }
        }
        return new Reading.Understood(opaque(id));
    }

    /** A compressed body is read again as a plain one if its model may have to be replaced. */
    private void expose() {
        if (!headers.first("content-encoding").equalsIgnoreCase("gzip") || !addressing.mayRewrite(headers)) {
            return;
        }
        Optional<ByteString> plain = GzipBody.inflated(held, maxPlainBytes);
        if (plain.isPresent()) {
            compressed = held;
            held = plain.get();
            reader = formats.reader(RequestHead.of(headers.path(), this::plainHeader));
            read(held);
        }
    }

    /** The client's headers as they would be had the body come plain. */
    private String plainHeader(String name) {
        return name.equals("content-encoding") ? "" : headers.first(name);
    }

    private Reading finished(Reading reading) {
        return switch (reading) {
            case Reading.Understood(InferenceRequest request) -> new Reading.Understood(addressed(request));
            case Reading.Unnamed(InferenceRequest request) -> {
                String model = addressing.target(headers, "");
                yield model.isEmpty()
                        ? reading
                        : new Reading.Understood(addressing.addressed(reader.retargeted(request, model), headers));
            }
            case Reading.Refused refused -> refused;
        };
    }

    /** More will come, but is not waited for. */
    InferenceRequest soFar(String id) {
        if (!broken) {
            try {
                return addressed(reader.soFar(id, clientId()));
            } catch (RuntimeException | LinkageError e) {
                listener.fault("read", e);
            }
        }
        return opaque(id);
    }

    /** What is held, as it goes to the backend of the request. */
    ByteString outgoing(InferenceRequest request) {
        if (request.model().equals(request.requestedModel())) {
            return compressed == null ? held : compressed;
        }
        ByteString body = modelIsRead()
                ? ModelMember.replaced(held, reader.modelSpan(), request.model())
                : ModelMember.added(held, request.model());
        return compressed == null ? body : GzipBody.deflated(body);
    }

    /** With its target model, where the body's value can be replaced. */
    private InferenceRequest addressed(InferenceRequest request) {
        String target = modelIsRead() ? addressing.target(headers, request.requestedModel()) : request.model();
        return addressing.addressed(
                target.equals(request.model()) ? request : reader.retargeted(request, target), headers);
    }

    private InferenceRequest opaque(String id) {
        return addressing.addressed(InferenceRequest.opaque(id, clientId()), headers);
    }

    private String clientId() {
        return headers.first(HeaderNames.REQUEST_ID);
    }

    private List<ByteBuffer> buffers() {
        return held.asReadOnlyByteBufferList();
    }
}
