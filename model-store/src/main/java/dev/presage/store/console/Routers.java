package dev.presage.store.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.presage.store.bundle.StoreJson;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What routers tell of themselves on their metrics ports ({@code /debug/presage}, {@code /debug/slo}, {@code /metrics}), asked anew for each page,
 * all at once. Thread-safe; {@link #close} ends its connections.
 */
public final class Routers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final List<URI> bases;
    private final Optional<Path> tokenFile;
    private final Names names;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /** The addresses of a host; replaced in tests. */
    interface Names {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    /**
     * Routers at these addresses. A plain HTTP name of several addresses, such as that of a headless Service, is a router at each.
     *
     * @param tokenFile what is in it is shown as a bearer, for routers that ask for one; read anew each time, since Kubernetes renews it
     */
    public Routers(List<URI> bases, Optional<Path> tokenFile) {
        this(bases, tokenFile, InetAddress::getAllByName);
    }

    Routers(List<URI> bases, Optional<Path> tokenFile, Names names) {
        for (URI base : bases) {
            if (base.getHost() == null || !List.of("http", "https").contains(String.valueOf(base.getScheme()))) {
                throw new IllegalArgumentException(
                        "router '" + base + "' must be http://HOST:PORT or https://HOST:PORT");
            }
        }
        this.bases = List.copyOf(bases);
        this.tokenFile = tokenFile;
        this.names = names;
    }

    /**
     * One router at this moment.
     *
     * @param problem why nothing else is known of it; empty when it answered
     * @param bundle that decides there; empty without a model
     */
    public record RouterState(
            URI base,
            String problem,
            String pool,
            String bundle,
            int endpoints,
            List<Objective> objectives,
            Spent spent) {
        public RouterState {
            objectives = List.copyOf(objectives);
        }

        boolean isUp() {
            return problem.isEmpty();
        }
    }

    /**
     * The books of one latency objective, of one router or added up.
     *
     * @param objective share of the requests that must keep the targets
     * @param burns over each window, shortest first
     */
    public record Objective(
            String name,
            String pool,
            @Nullable Double ttftMs,
            @Nullable Double tpotMs,
            double objective,
            String window,
            long requests,
            long bad,
            long unmeasured,
            List<Burn> burns) {
        public Objective {
            burns = List.copyOf(burns);
        }

        /** Share of the requests that kept the targets. */
        double attainment() {
            return requests == 0 ? 1 : 1 - (double) bad / requests;
        }

        /** Share of the error budget that is left; negative when more than all of it was used. */
        double budgetLeft() {
            return 1 - (1 - attainment()) / (1 - objective);
        }

        double rate(Burn burn) {
            return burn.requests() == 0 ? 0 : (double) burn.bad() / burn.requests() / (1 - objective);
        }

        Objective plus(Objective other) {
            List<Burn> sums = new ArrayList<>();
            for (int i = 0; i < Math.min(burns.size(), other.burns.size()); i++) {
                sums.add(burns.get(i).plus(other.burns.get(i)));
            }
            return new Objective(
                    name,
                    pool,
                    ttftMs,
                    tpotMs,
                    objective,
                    window,
                    requests + other.requests,
                    bad + other.bad,
                    unmeasured + other.unmeasured,
                    sums);
        }
    }

    /** Requests of one window; {@code enough} when a rate says something. */
    public record Burn(String window, long requests, long bad, boolean enough) {
        Burn plus(Burn other) {
            return new Burn(window, requests + other.requests, bad + other.bad, enough || other.enough);
        }
    }

    /**
     * Mean time of a request since the router started, in milliseconds; null where nothing was measured.
     *
     * @param queueMs waiting in the router
     * @param prefillMs from dispatch to the first token: the engine's queue and the prefill
     * @param decodeMs from the first token to the end
     */
    public record Spent(
            @Nullable Double queueMs,
            @Nullable Double prefillMs,
            @Nullable Double decodeMs) {
        static final Spent UNKNOWN = new Spent(null, null, null);
    }

    boolean isEmpty() {
        return bases.isEmpty();
    }

    /** All of them, in the order in which they were given; waits at most some seconds. */
    public List<RouterState> look() {
        return bases.stream().flatMap(this::each).map(this::look).toList().stream()
                .map(CompletableFuture::join)
                .toList();
    }

    /** Its certificate is for the name, so HTTPS goes there. Of two families of addresses the preferred one counts. */
    private Stream<URI> each(URI base) {
        if (!"http".equals(base.getScheme())) {
            return Stream.of(base);
        }
        try {
            InetAddress[] found = names.of(base.getHost());
            List<URI> each = Arrays.stream(found)
                    .filter(address -> address.getClass() == found[0].getClass())
                    .map(address -> at(base, address))
                    .toList();
            return each.size() > 1 ? each.stream() : Stream.of(base);
        } catch (UnknownHostException e) {
            return Stream.of(base); // and the request says what is wrong
        }
    }

    private static URI at(URI base, InetAddress address) {
        String host = address.getHostAddress();
        return URI.create("http://%s:%d"
                .formatted(
                        address instanceof Inet6Address ? "[" + host + "]" : host,
                        base.getPort() < 0 ? 80 : base.getPort()));
    }

    private CompletableFuture<RouterState> look(URI base) {
        CompletableFuture<String> state = get(base, "/debug/presage");
        CompletableFuture<String> books = get(base, "/debug/slo");
        CompletableFuture<String> metrics = get(base, "/metrics");
        return state.thenCombine(books, (one, two) -> RouterPages.read(base, json(one), json(two)))
                .thenCombine(metrics, (router, page) -> RouterPages.spent(router, page))
                .exceptionally(failure -> new RouterState(base, problem(failure), "", "", 0, List.of(), Spent.UNKNOWN));
    }

    private CompletableFuture<String> get(URI base, String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE);
        if (tokenFile.isPresent()) {
            try {
                request.header(
                        "authorization",
                        "Bearer " + Files.readString(tokenFile.get()).strip());
            } catch (IOException | IllegalArgumentException e) {
                return CompletableFuture.failedFuture(
                        new IllegalArgumentException("no token to show: cannot read " + tokenFile.get()));
            }
        }
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                .thenApply(response -> {
                    if (response.statusCode() != 200) {
                        throw new IllegalArgumentException(path + " answers with status " + response.statusCode());
                    }
                    return response.body();
                });
    }

    private static JsonNode json(String text) {
        return StoreJson.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }

    private static String problem(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return switch (cause) {
            case IllegalArgumentException e -> String.valueOf(e.getMessage());
            case java.net.http.HttpTimeoutException _ -> "no answer within " + PATIENCE.toSeconds() + " s";
            case java.net.ConnectException _ -> "nothing listens there";
            case IOException e -> "not reached: " + e.getMessage();
            default -> String.valueOf(cause);
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
