package dev.presage.store.console;

/**
 * Who looks at a page.
 *
 * @param name for the audit log; empty when they have not said
 * @param operator whether they may change pools
 * @param loggedIn whether they may log out
 * @param csrf what the forms of their pages must bring back; empty for those who may not change anything
 */
record Visitor(String name, boolean operator, boolean loggedIn, String csrf) {}
