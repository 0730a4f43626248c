package dev.presage.router.plugin.filter;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.plugin.Filter;
import dev.presage.router.plugin.Kept;
import dev.presage.router.plugin.Round;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Endpoints that the request names, by address with or without port; all when it names none. For conformance tests only. */
record TestingFilter() implements Filter {
    private static final String HEADER = "test-epp-endpoint-selection";

    @Override
    public Kept keep(Round round) {
        String header = round.header(HEADER);
        if (header.isBlank()) {
            return Kept.all(round);
        }
        Set<String> named = Arrays.stream(header.split(",")).map(String::strip).collect(Collectors.toSet());
        return Kept.where(round, i -> {
            Endpoint endpoint = round.state(i).endpoint();
            return named.contains(endpoint.host()) || named.contains(endpoint.address());
        });
    }
}
