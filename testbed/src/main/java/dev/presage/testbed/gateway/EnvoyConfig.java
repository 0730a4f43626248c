package dev.presage.testbed.gateway;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Renders Envoy's bootstrap: one listener per lane on an ephemeral loopback port, an ext_proc filter in full-duplex streamed
 * mode, and a cluster that goes where the router's header says. Requests fail when the router does.
 *
 * @param adminAddressFile where Envoy writes its admin address; the listeners' ports are read there
 */
record EnvoyConfig(List<Lane> lanes, Path adminAddressFile, boolean tlsToRouter) {
    EnvoyConfig {
        lanes = List.copyOf(lanes);
        if (lanes.isEmpty()) {
            throw new IllegalArgumentException("lanes must not be empty");
        }
    }

    String yaml() {
        return """
                admin:
                  address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                static_resources:
                  listeners:
                %s  clusters:
                  - name: destination
                    type: ORIGINAL_DST
                    lb_policy: CLUSTER_PROVIDED
                    connect_timeout: 5s
                    original_dst_lb_config:
                      use_http_header: true
                      http_header_name: x-gateway-destination-endpoint
                    circuit_breakers:
                      thresholds: [{max_connections: 100000, max_pending_requests: 100000, max_requests: 100000}]
                %s""".formatted(each(EnvoyConfig::listener), each(lane -> lane.hasRouter() ? routerCluster(lane) : ""));
    }

    private String each(java.util.function.Function<Lane, String> part) {
        return lanes.stream().map(part).collect(Collectors.joining());
    }

    private static String listener(Lane lane) {
        return """
                  - name: %1$s
                    address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                    filter_chains:
                    - filters:
                      - name: envoy.filters.network.http_connection_manager
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: %1$s
                          codec_type: AUTO
                          stream_idle_timeout: 0s
                          http2_protocol_options: {}
                          route_config:
                            virtual_hosts:
                            - name: all
                              domains: ["*"]
                              routes:
                              - match: {prefix: /}
                                route: {cluster: destination, timeout: 0s}
                          http_filters:
                %2$s          - name: envoy.filters.http.router
                            typed_config:
                              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                """.formatted(lane.name(), lane.hasRouter() ? processor(lane) : "");
    }

    private static String processor(Lane lane) {
        return """
                          - name: envoy.filters.http.ext_proc
                            typed_config:
                              "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                              grpc_service:
                                envoy_grpc: {cluster_name: router-%1$s}
                                timeout: 10s
                              message_timeout: 1000s
                              failure_mode_allow: false
                              processing_mode:
                                request_header_mode: SEND
                                request_body_mode: FULL_DUPLEX_STREAMED
                                request_trailer_mode: SEND
                                response_header_mode: SEND
                                response_body_mode: FULL_DUPLEX_STREAMED
                                response_trailer_mode: SEND
                """.formatted(lane.name());
    }

    private String routerCluster(Lane lane) {
        String tls = """
                    transport_socket:
                      name: envoy.transport_sockets.tls
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                        common_tls_context: {alpn_protocols: [h2]}
                """;
        return """
                  - name: router-%1$s
                    type: STATIC
                    connect_timeout: 5s
                    typed_extension_protocol_options:
                      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                        explicit_http_config: {http2_protocol_options: {max_concurrent_streams: 1000}}
                    circuit_breakers:
                      thresholds: [{max_connections: 1000, max_pending_requests: 100000, max_requests: 100000}]
                    load_assignment:
                      cluster_name: router-%1$s
                      endpoints:
                      - lb_endpoints:
                        - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %2$d}}}
                %3$s""".formatted(lane.name(), lane.routerPort(), tlsToRouter ? tls : "");
    }
}
