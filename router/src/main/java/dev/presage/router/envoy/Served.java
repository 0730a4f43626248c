package dev.presage.router.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Metadata;

/**
 * What the gateway says of who really answered: after a retry it is not who was chosen.
 *
 * @param balanced whether it says anything of its load balancing
 * @param address {@code ip:port}, empty when it does not say
 */
record Served(boolean balanced, String address) {
    static Served in(Metadata metadata) {
        Struct lb = metadata.getFilterMetadataMap().get(HeaderNames.LB_NAMESPACE);
        Value served = lb == null ? null : lb.getFieldsMap().get(HeaderNames.SERVED);
        return new Served(lb != null, served == null ? "" : served.getStringValue());
    }
}
