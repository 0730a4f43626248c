package dev.presage.router.plugin;

import java.util.Optional;

/** Refuses requests that the fleet should not carry now. Asked only about requests of negative priority. */
public interface Admitter extends Plugin {
    /** Why the request is refused; empty when it is not. */
    Optional<String> denial(Round round);
}
