package dev.presage.router.envoy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Undoes and redoes the compression of a body that must be changed. */
final class GzipBody {
    private GzipBody() {}

    /** The plain body; empty if it is damaged or longer than {@code maxBytes}. */
    static Optional<ByteString> inflated(ByteString body, int maxBytes) {
        try (var plain = new GZIPInputStream(body.newInput())) {
            byte[] bytes = plain.readNBytes(maxBytes);
            return plain.read() < 0 ? Optional.of(ByteString.copyFrom(bytes)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static ByteString deflated(ByteString plain) {
        ByteString.Output out = ByteString.newOutput();
        try (var gzip = new GZIPOutputStream(out)) {
            plain.writeTo(gzip);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteString();
    }
}
