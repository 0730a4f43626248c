package dev.presage.router.envoy;

import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;

/** One message of Envoy's and the nano clock when it came in, before anything else was done. */
record Incoming(ProcessingRequest message, long arrivedNanos) {
    HttpHeaders requestHeaders() {
        return message.getRequestHeaders();
    }

    HttpBody requestBody() {
        return message.getRequestBody();
    }

    HttpHeaders responseHeaders() {
        return message.getResponseHeaders();
    }

    HttpBody responseBody() {
        return message.getResponseBody();
    }
}
