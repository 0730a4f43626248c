package dev.presage.store.service;

import io.helidon.webserver.http.HttpService;
import java.net.URI;
import java.util.function.Supplier;

/** Pages for people that a {@link StoreServer} serves beside its API. */
@FunctionalInterface
public interface StorePages {
    /** None. */
    StorePages NONE = (base, listener) -> rules -> {};

    /**
     * Their routes; called once, before the server listens.
     *
     * @param base where visitors reach the store; to be asked with a request only
     * @param listener to be told of each change that a page makes
     */
    HttpService routes(Supplier<URI> base, ChangeListener listener);
}
