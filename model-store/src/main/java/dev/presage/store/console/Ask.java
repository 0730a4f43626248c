package dev.presage.store.console;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.PoolState;
import io.helidon.common.uri.UriQuery;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What a visitor asks a page for.
 *
 * @param path parameters of the path
 * @param fields of the query, or of the form that was posted; the first of each name
 */
record Ask(Visitor visitor, Map<String, String> path, Map<String, String> fields) {
    private static final int MAX_FORM = 64 << 10;

    static Ask get(ServerRequest request, Visitor visitor) {
        return new Ask(visitor, path(request), fields(request.query()));
    }

    static Ask post(ServerRequest request, Visitor visitor) throws IOException {
        byte[] body = request.content().inputStream().readNBytes(MAX_FORM + 1);
        if (body.length > MAX_FORM) {
            throw new ConsoleException(413, "The form is larger than " + MAX_FORM + " bytes");
        }
        return new Ask(
                visitor,
                path(request),
                fields(UriQuery.create(new String(body, StandardCharsets.UTF_8).replace("+", "%20"))));
    }

    private static Map<String, String> path(ServerRequest request) {
        Map<String, String> path = new HashMap<>();
        request.path()
                .pathParameters()
                .names()
                .forEach(name -> path.put(name, request.path().pathParameters().get(name)));
        return path;
    }

    private static Map<String, String> fields(UriQuery query) {
        Map<String, String> fields = new HashMap<>();
        query.names().forEach(name -> fields.put(name, query.first(name).orElse("")));
        return fields;
    }

    String part(String name) {
        return path.getOrDefault(name, "");
    }

    String field(String name) {
        return fields.getOrDefault(name, "").strip();
    }

    /** A page number, from 1. */
    int page(int most) {
        String text = field("page").isEmpty() ? "1" : field("page");
        if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
            throw new ConsoleException(400, "page is '" + text + "', want 1 to " + most);
        }
        return Integer.parseInt(text);
    }

    /** The pool of the path. */
    PoolState pool(ModelRegistry registry) throws IOException {
        String pool = part("pool");
        if (!registry.pools().contains(pool)) {
            throw new ConsoleException(404, "There is no pool '" + pool + "'");
        }
        return registry.pool(pool);
    }

    /** A version by alias or id. */
    static BundleId bundle(PoolState pool, String name) {
        BundleId bundle = Alias.ofKey(name).flatMap(pool::bundle).orElse(null);
        if (bundle != null) {
            return bundle;
        }
        return pool.versions().stream()
                .map(version -> version.bundle())
                .filter(id -> id.value().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConsoleException(404, "Pool " + pool.pool() + " has no version '" + name + "'"));
    }
}
