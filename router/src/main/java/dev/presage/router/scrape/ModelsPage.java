package dev.presage.router.scrape;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.presage.router.fleet.ServedModels;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a list of models in OpenAI's format: {@code {"data":[{"id":"name","parent":"base"}]}}, where engines put what an adapter
 * was made for under {@code parent}. Members that are not known are passed over; any bytes at all are taken without an exception.
 */
final class ModelsPage {
    private static final JsonFactory JSON = new JsonFactory();

    private ModelsPage() {}

    /** The models; empty when this is no such list, or one of more than {@link ServedModels#MOST}. */
    static Optional<ServedModels> read(byte[] page) {
        try (JsonParser json = JSON.createParser(page)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            Map<String, String> parents = null;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean list = json.currentName().equals("data");
                JsonToken value = json.nextToken();
                if (list && value == JsonToken.START_ARRAY) {
                    parents = models(json);
                } else {
                    json.skipChildren();
                }
            }
            boolean whole = json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null;
            return whole && parents != null ? Optional.of(new ServedModels(parents)) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> models(JsonParser json) throws IOException {
        Map<String, String> parents = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.START_OBJECT) {
            model(json, parents);
        }
        if (json.currentToken() != JsonToken.END_ARRAY) {
            throw new IOException("a model is an object");
        }
        return parents;
    }

    private static void model(JsonParser json, Map<String, String> parents) throws IOException {
        String id = "";
        String parent = "";
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "id" -> id = text(json);
                case "parent" -> parent = text(json);
                default -> json.skipChildren();
            }
        }
        if (!id.isEmpty()) {
            parents.put(id, parent);
        }
    }

    private static String text(JsonParser json) throws IOException {
        @Nullable String text = json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : null;
        json.skipChildren();
        return text == null ? "" : text;
    }
}
