package dev.presage.router.plugin;

/** Leaves some of the candidates of a round. */
public interface Filter extends Plugin {
    Kept keep(Round round);

    /**
     * Whether it says where the request may go. The learned policy obeys such a filter; one that only says where the request
     * would do well is for scorers, since the model knows that better.
     */
    default boolean binds() {
        return true;
    }
}
