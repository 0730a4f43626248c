package dev.presage.testbed.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A request that is refused, in the form OpenAI's clients expect. */
final class ApiError extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String type;

    private ApiError(int status, String type, String message) {
        super(message);
        this.status = status;
        this.type = type;
    }

    static ApiError badRequest(String message) {
        return new ApiError(400, "BadRequestError", message);
    }

    static ApiError unknownModel(String model) {
        return new ApiError(404, "NotFoundError", "The model `" + model + "` does not exist.");
    }

    static ApiError tooLarge(int maxBodyBytes) {
        return new ApiError(413, "BadRequestError", "the request body must be at most " + maxBodyBytes + " bytes");
    }

    static ApiError stopping() {
        return new ApiError(503, "ServiceUnavailableError", "the engine is stopping");
    }

    int status() {
        return status;
    }

    String json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.putObject("error")
                .put("message", getMessage())
                .put("type", type)
                .putNull("param")
                .put("code", status);
        return root.toString();
    }
}
