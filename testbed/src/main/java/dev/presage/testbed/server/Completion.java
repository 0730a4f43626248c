package dev.presage.testbed.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a client asks for, of either API.
 *
 * @param chat whether it came over the chat API
 * @param model model it names
 * @param messages texts of the prompt, not empty
 * @param maxTokens bound on the output
 * @param outputTokens tokens that will be generated; fewer than {@code maxTokens} stands for an end-of-text token
 * @param stream whether the answer is streamed
 * @param includeUsage whether the stream ends with the token counts
 */
record Completion(
        boolean chat,
        String model,
        List<String> messages,
        int maxTokens,
        int outputTokens,
        boolean stream,
        boolean includeUsage) {
    /** Output bound of a request that names none, as the OpenAI completions API has it. */
    static final int DEFAULT_MAX_TOKENS = 16;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * @param naturalEnd tokens after which the simulated model ends by itself, if the client says so; overruled by
     *     {@code ignore_eos}
     */
    static Completion parse(boolean chat, byte[] body, OptionalInt naturalEnd) throws ApiError {
        JsonNode json = json(body);
        int maxTokens = maxTokens(json);
        int output =
                json.path("ignore_eos").asBoolean() ? maxTokens : Math.min(maxTokens, naturalEnd.orElse(maxTokens));
        return new Completion(
                chat,
                text(json, "model"),
                chat ? chatMessages(json) : List.of(prompt(json)),
                maxTokens,
                output,
                json.path("stream").asBoolean(),
                json.path("stream_options").path("include_usage").asBoolean());
    }

    String finishReason() {
        return outputTokens < maxTokens ? "stop" : "length";
    }

    private static JsonNode json(byte[] body) throws ApiError {
        try {
            JsonNode json = MAPPER.readTree(body);
            if (json != null && json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            throw ApiError.badRequest("the body is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory cannot fail", e);
        }
        throw ApiError.badRequest("the body must be a JSON object");
    }

    private static int maxTokens(JsonNode json) throws ApiError {
        for (String field : List.of("max_completion_tokens", "max_tokens")) {
            JsonNode value = json.path(field);
            if (value.isMissingNode() || value.isNull()) {
                continue;
            }
            if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 1) {
                throw ApiError.badRequest(field + " must be an integer of at least 1, got " + value);
            }
            return value.asInt();
        }
        return DEFAULT_MAX_TOKENS;
    }

    private static String text(JsonNode json, String field) throws ApiError {
        JsonNode value = json.path(field);
        if (!value.isTextual()) {
            throw ApiError.badRequest(field + " must be a string");
        }
        return value.asText();
    }

    private static String prompt(JsonNode json) throws ApiError {
        JsonNode value = json.path("prompt");
        JsonNode only = value.isArray() && value.size() == 1 ? value.get(0) : value;
        if (!only.isTextual() || only.asText().isEmpty()) {
            throw ApiError.badRequest("prompt must be a string that is not empty, or an array of one");
        }
        return only.asText();
    }

    private static List<String> chatMessages(JsonNode json) throws ApiError {
        JsonNode messages = json.path("messages");
        List<String> texts = new ArrayList<>();
        for (JsonNode message : messages) {
            JsonNode content = message.path("content");
            if (content.isTextual()) {
                texts.add(content.asText());
            } else if (content.isArray()) {
                StringBuilder text = new StringBuilder();
                content.forEach(part -> text.append(part.path("text").asText("")));
                texts.add(text.toString());
            } else if (!content.isNull()) {
                throw ApiError.badRequest(
                        "messages[" + texts.size() + "].content must be a string or an array of parts");
            }
        }
        if (!messages.isArray() || texts.stream().allMatch(String::isEmpty)) {
            throw ApiError.badRequest("messages must be an array with at least one message that has text");
        }
        return texts;
    }
}
