package dev.presage.router.bbr;

import com.google.protobuf.ByteString;
import dev.presage.router.request.ModelField;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;

/** What a finding does to a request's headers. A name that cannot stand in a header is treated as if it could not be read. */
record ModelHeaders(BaseModels bases, BodyRoutingListener listener) {
    static final String MODEL = "X-Gateway-Model-Name";
    static final String BASE_MODEL = "X-Gateway-Base-Model-Name";
    /** Gateways bound all headers together at 60 KiB. */
    static final int MAX_CHARS = 4096;

    /** The change, empty when there is none. */
    CommonResponse of(ModelField.Finding finding) {
        return switch (finding) {
            case ModelField.Found found
            when fits(found.model()) -> {
                listener.routed();
                // A name without a base says so, rather than leave what a client may have sent.
                yield CommonResponse.newBuilder()
                        .setClearRouteCache(true)
                        .setHeaderMutation(HeaderMutation.newBuilder()
                                .addSetHeaders(header(MODEL, found.model()))
                                .addSetHeaders(header(BASE_MODEL, bases.of(found.model()))))
                        .build();
            }
            case ModelField.Absent absent -> {
                listener.modelAbsent();
                yield CommonResponse.getDefaultInstance();
            }
            case ModelField.Found unfit -> unreadable();
            case ModelField.Unreadable unreadable -> unreadable();
            case ModelField.Unknown unknown -> unreadable();
        };
    }

    private CommonResponse unreadable() {
        listener.modelUnreadable();
        return CommonResponse.getDefaultInstance();
    }

    private static boolean fits(String model) {
        return model.length() <= MAX_CHARS && model.chars().noneMatch(c -> c < ' ' || c == 0x7f);
    }

    private static HeaderValueOption header(String key, String value) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(key).setRawValue(ByteString.copyFromUtf8(value)))
                .build();
    }
}
