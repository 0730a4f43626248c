package dev.presage.router.trace;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A trace's context in Envoy's headers. */
final class HeaderContext {
    static final TextMapGetter<HeaderMap> READ = new Getter();

    private HeaderContext() {}

    /** The answer that sends a request on, with the context instead of the client's; any other answer as it is. */
    static ProcessingResponse carried(ProcessingResponse answer, Context context, TextMapPropagator propagator) {
        CommonResponse common =
                switch (answer.getResponseCase()) {
                    case REQUEST_HEADERS -> answer.getRequestHeaders().getResponse();
                    case REQUEST_BODY -> answer.getRequestBody().getResponse();
                    default -> CommonResponse.getDefaultInstance();
                };
        if (!common.getClearRouteCache()) {
            return answer;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        propagator.inject(context, fields, (into, name, value) -> {
            if (into != null) {
                into.put(name, value);
            }
        });
        if (fields.isEmpty()) {
            return answer;
        }
        CommonResponse.Builder carrying =
                common.toBuilder().setHeaderMutation(with(common.getHeaderMutation(), fields));
        ProcessingResponse.Builder changed = answer.toBuilder();
        if (answer.hasRequestHeaders()) {
            changed.getRequestHeadersBuilder().setResponse(carrying);
        } else {
            changed.getRequestBodyBuilder().setResponse(carrying);
        }
        return changed.build();
    }

    private static HeaderMutation with(HeaderMutation mutation, Map<String, String> fields) {
        HeaderMutation.Builder changed = mutation.toBuilder().clearSetHeaders();
        for (HeaderValueOption header : mutation.getSetHeadersList()) {
            if (!fields.containsKey(header.getHeader().getKey())) {
                changed.addSetHeaders(header);
            }
        }
        fields.forEach((name, value) -> changed.addSetHeaders(HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(name).setRawValue(ByteString.copyFromUtf8(value)))));
        return changed.build();
    }

    private static final class Getter implements TextMapGetter<HeaderMap> {
        @Override
        public Iterable<String> keys(HeaderMap headers) {
            return headers.getHeadersList().stream().map(HeaderValue::getKey).toList();
        }

        @Override
        public @Nullable String get(@Nullable HeaderMap headers, String name) {
            if (headers == null) {
                return null;
            }
            for (HeaderValue header : headers.getHeadersList()) {
                if (header.getKey().equalsIgnoreCase(name)) {
                    return header.getRawValue().isEmpty()
                            ? header.getValue()
                            : header.getRawValue().toStringUtf8();
                }
            }
            return null;
        }
    }
}
