package dev.presage.testbed.server;

import dev.presage.testbed.engine.EngineProfile;
import dev.presage.testbed.engine.SimRequest;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one of the two completion APIs. Runs on a virtual thread for each request, which waits for the engine's
 * tokens. When a write fails the client is gone and the sequence is aborted.
 */
final class CompletionHandler implements Handler {
    /** Request header: after how many tokens the simulated model ends by itself. */
    static final String OUTPUT_TOKENS_HEADER = "x-presage-output-tokens";

    private static final Logger LOG = LoggerFactory.getLogger(CompletionHandler.class);
    private static final String DONE = "[DONE]";

    private final boolean chat;
    private final EngineServerOptions options;
    private final EngineLoop loop;
    private final InstantSource clock;
    private final AtomicLong ids;

    CompletionHandler(boolean chat, EngineServerOptions options, EngineLoop loop, InstantSource clock, AtomicLong ids) {
        this.chat = chat;
        this.options = options;
        this.loop = loop;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws Exception {
        try {
            Completion completion = Completion.parse(chat, body(request), naturalEnd(request));
            String adapter = adapter(completion.model());
            PromptTokens prompt = new PromptTokens(completion.messages());
            checkLength(prompt.count(), completion.maxTokens());
            String id = (chat ? "chatcmpl-" : "cmpl-") + ids.incrementAndGet();
            AnswerJson json = new AnswerJson(completion, id, clock.instant().getEpochSecond(), prompt.count());
            SimRequest simulated = prompt.request(id, completion.outputTokens(), adapter);
            answer(completion, json, prompt.seed(), simulated, response);
        } catch (ApiError e) {
            response.status(e.status()).header(HeaderNames.CONTENT_TYPE, "application/json");
            if (e.status() == 413) {
                response.header(HeaderNames.CONNECTION, "close");
            }
            response.send(e.json().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The adapter that a model name stands for, empty for the base model. */
    private String adapter(String model) throws ApiError {
        if (model.equals(options.model())) {
            return "";
        }
        if (options.adapters().names().contains(model)) {
            return model;
        }
        throw ApiError.unknownModel(model);
    }

    private void answer(
            Completion completion, AnswerJson json, long seed, SimRequest simulated, ServerResponse response)
            throws ApiError, IOException, InterruptedException {
        Generation generation = loop.submit(simulated);
        try {
            if (completion.stream()) {
                stream(completion, json, seed, generation, response);
            } else {
                whole(completion, json, seed, generation, response);
            }
        } finally {
            loop.abort(generation);
        }
    }

    private void whole(
            Completion completion, AnswerJson json, long seed, Generation generation, ServerResponse response)
            throws ApiError, InterruptedException {
        Generation.Progress progress = generation.await(completion.outputTokens() - 1);
        if (progress.tokens() < completion.outputTokens()) {
            throw ApiError.stopping();
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < completion.outputTokens(); i++) {
            text.append(PromptTokens.text(seed, i));
        }
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        response.send(json.whole(text.toString(), progress.cachedTokens()).getBytes(StandardCharsets.UTF_8));
    }

    private void stream(
            Completion completion, AnswerJson json, long seed, Generation generation, ServerResponse response)
            throws ApiError, IOException, InterruptedException {
        Generation.Progress progress = generation.await(0);
        if (progress.stopped()) {
            throw ApiError.stopping();
        }
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
        response.header(HeaderNames.CACHE_CONTROL, "no-cache");
        int sent = 0;
        try (OutputStream out = response.outputStream()) {
            while (!progress.stopped()) {
                out.write(events(completion, json, seed, sent, progress).getBytes(StandardCharsets.UTF_8));
                out.flush();
                sent = progress.tokens();
                if (sent == completion.outputTokens()) {
                    return;
                }
                progress = generation.await(sent);
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug(
                    "client of {} is gone after {} tokens", generation.request().id(), sent);
            throw e;
        }
    }

    /** The events from token {@code sent} on, in one piece: several when the engine is ahead of the connection. */
    private static String events(
            Completion completion, AnswerJson json, long seed, int sent, Generation.Progress progress) {
        StringBuilder events = new StringBuilder();
        if (sent == 0 && completion.chat()) {
            event(events, json.role());
        }
        for (int i = sent; i < progress.tokens(); i++) {
            event(events, json.token(PromptTokens.text(seed, i), i + 1 == completion.outputTokens()));
        }
        if (progress.tokens() == completion.outputTokens()) {
            if (completion.includeUsage()) {
                event(events, json.usage(progress.cachedTokens()));
            }
            event(events, DONE);
        }
        return events.toString();
    }

    private static void event(StringBuilder events, String data) {
        events.append("data: ").append(data).append("\n\n");
    }

    private byte[] body(ServerRequest request) throws ApiError, IOException {
        try (InputStream in = request.content().inputStream()) {
            byte[] body = in.readNBytes(options.maxBodyBytes() + 1);
            if (body.length > options.maxBodyBytes()) {
                throw ApiError.tooLarge(options.maxBodyBytes());
            }
            return body;
        }
    }

    private static OptionalInt naturalEnd(ServerRequest request) throws ApiError {
        String value = request.headers()
                .first(HeaderNames.create(OUTPUT_TOKENS_HEADER))
                .orElse("");
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            int tokens = Integer.parseInt(value.strip());
            if (tokens >= 1) {
                return OptionalInt.of(tokens);
            }
        } catch (NumberFormatException e) {
            // Reported below, like a number out of bounds.
        }
        throw ApiError.badRequest(OUTPUT_TOKENS_HEADER + " must be an integer of at least 1, got '" + value + "'");
    }

    private void checkLength(int promptTokens, int maxTokens) throws ApiError {
        int capacity = options.profile().kvBlocks() * EngineProfile.BLOCK_TOKENS;
        if ((long) promptTokens + maxTokens > capacity) {
            throw ApiError.badRequest("This model's maximum context length is " + capacity + " tokens, requested "
                    + promptTokens + " in the prompt and " + maxTokens + " in the completion");
        }
    }
}
