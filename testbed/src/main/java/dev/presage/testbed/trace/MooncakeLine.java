package dev.presage.testbed.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** A line of the Mooncake traces: {@code {"timestamp": ms, "input_length": n, "output_length": n, "hash_ids": [...]}}. */
final class MooncakeLine implements LineParser {
    private final ObjectMapper mapper = new ObjectMapper();

    @Override
    public TraceRequest parse(String text, int position) throws FieldException {
        JsonNode line = object(text);
        double arrival = number(line, "timestamp", 0);
        int prompt = (int) number(line, "input_length", 1);
        int output = (int) number(line, "output_length", 1);
        long[] ids = ids(line);
        int blocks = Math.ceilDiv(prompt, TraceRequest.HASH_ID_TOKENS);
        if (ids.length != blocks) {
            throw new FieldException(
                    "hash_ids", "must have " + blocks + " ids for the input length, got " + ids.length);
        }
        return new TraceRequest(position, arrival, prompt, output, ids);
    }

    private JsonNode object(String text) throws FieldException {
        try {
            JsonNode line = mapper.readTree(text);
            if (line.isObject()) {
                return line;
            }
        } catch (JsonProcessingException e) {
            throw new FieldException("line", "is not JSON: " + e.getOriginalMessage());
        }
        throw new FieldException("line", "is not a JSON object");
    }

    private static long number(JsonNode line, String field, int least) throws FieldException {
        JsonNode value = line.path(field);
        if (!value.canConvertToExactIntegral() || !value.canConvertToInt() || value.asLong() < least) {
            throw new FieldException(field, "must be an integer from " + least + ", got " + value);
        }
        return value.asLong();
    }

    private static long[] ids(JsonNode line) throws FieldException {
        JsonNode array = line.path("hash_ids");
        if (!array.isArray()) {
            throw new FieldException("hash_ids", "must be an array of integers, got " + array);
        }
        long[] ids = new long[array.size()];
        for (int i = 0; i < ids.length; i++) {
            JsonNode id = array.get(i);
            if (!id.isIntegralNumber() || !id.canConvertToLong()) {
                throw new FieldException("hash_ids[" + i + "]", "must be an integer, got " + id);
            }
            ids[i] = id.asLong();
        }
        return ids;
    }
}
