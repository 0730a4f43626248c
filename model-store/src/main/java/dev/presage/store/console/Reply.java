package dev.presage.store.console;

/** What a page answers with. */
sealed interface Reply {
    /**
     * A page.
     *
     * @param section of the navigation
     * @param pool that it is about; empty for all
     * @param template file name without {@code .jte}
     * @param view its parameter {@code view}
     */
    record Shown(int status, String title, String section, String pool, String template, Object view) implements Reply {
        static Shown of(String title, String section, String pool, String template, Object view) {
            return new Shown(200, title, section, pool, template, view);
        }
    }

    /** Another page, after a form. */
    record Elsewhere(String path) implements Reply {}

    /** For {@code console.js}. */
    record Data(Object value) implements Reply {}
}
