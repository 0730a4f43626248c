package dev.presage.router.envoy;

import com.google.protobuf.ByteString;
import dev.presage.router.request.InferenceRequest;
import dev.presage.router.request.Reading;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import java.util.Locale;

/**
 * A body that comes after its request was routed by its headers, where Envoy streams it by. It is held only until its model is
 * known, because that may have to be replaced; at most {@link ExtProcSettings#maxHeldBytes}.
 */
final class PassingBody implements RequestTail {
    private final String id;
    private final BodyReading reading;
    private boolean released;

    private PassingBody(String id, BodyReading reading) {
        this.id = id;
        this.reading = reading;
    }

    /** The tail of a request whose body is streamed. */
    static RequestTail of(String id, Headers headers, Session session) {
        // What is held when trailers come cannot be sent any more.
        boolean mayChange = !headers.has("trailer")
                && session.modes().streamsRequest()
                && session.routing().addressing().mayRewrite(headers)
                && headers.first("content-type").toLowerCase(Locale.ROOT).contains("json");
        return mayChange ? new PassingBody(id, new BodyReading(headers, session.routing())) : ACKNOWLEDGE;
    }

    @Override
    public void body(HttpBody body, Session session) {
        if (released) {
            session.send(Answers.requestBodyUnchanged());
            return;
        }
        reading.add(body.getBody());
        boolean end = body.getEndOfStream();
        if (end || reading.modelIsRead() || reading.size() > session.settings().maxHeldBytes()) {
            released = true;
            session.send(Answers.requestBodyReplaced(end ? whole(session) : outgoing(reading.soFar(id), session)));
        } else {
            session.send(Answers.requestBodyReplaced(ByteString.EMPTY));
        }
    }

    private ByteString whole(Session session) {
        return switch (reading.finish(id)) {
            case Reading.Understood(InferenceRequest request) -> outgoing(request, session);
            // It is on its way already: what is wrong with it is the backend's to say.
            case Reading.Unnamed unnamed -> reading.held();
            case Reading.Refused refused -> reading.held();
        };
    }

    private ByteString outgoing(InferenceRequest request, Session session) {
        session.rewritten(request);
        return reading.outgoing(request);
    }
}
