package dev.presage.store.console;

import java.util.List;

/**
 * What all pages show around their content.
 *
 * @param section of the navigation that the page is in
 * @param pool that the page is about, or the first; empty when there is none
 * @param login whether the store asks for tokens
 * @param done what was just done; empty for nothing
 */
record Frame(
        String title, String section, String pool, List<String> pools, Visitor visitor, boolean login, String done) {
    /** For {@code aria-current}. */
    String current(String other) {
        return section.equals(other) ? "page" : "false";
    }
}
