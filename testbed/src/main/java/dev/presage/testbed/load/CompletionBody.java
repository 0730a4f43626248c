package dev.presage.testbed.load;

import dev.presage.testbed.trace.PromptText;
import dev.presage.testbed.trace.TraceRequest;
import java.nio.charset.StandardCharsets;

/** The body of a streamed {@code /v1/completions} call for a trace request: about four bytes for each prompt token. */
final class CompletionBody {
    private CompletionBody() {}

    /** @param model needs no escaping in JSON */
    static byte[] of(String model, TraceRequest request) {
        byte[] head = ("{\"model\":\"" + model + "\",\"max_tokens\":" + request.outputTokens()
                        + ",\"ignore_eos\":true,\"stream\":true,\"stream_options\":{\"include_usage\":true},\"prompt\":\"")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] prompt = PromptText.bytes(request);
        byte[] body = new byte[head.length + prompt.length + 2];
        System.arraycopy(head, 0, body, 0, head.length);
        System.arraycopy(prompt, 0, body, head.length, prompt.length);
        body[body.length - 2] = '"';
        body[body.length - 1] = '}';
        return body;
    }
}
