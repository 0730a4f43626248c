package dev.presage.router.plugin.filter;

import dev.presage.router.plugin.Filter;
import dev.presage.router.plugin.Kept;
import dev.presage.router.plugin.Round;
import dev.presage.router.plugin.SessionToken;

/** The endpoint that a session token names; all when it names none of them. */
record SessionFilter(String header) implements Filter {
    @Override
    public Kept keep(Round round) {
        String token = round.header(header);
        return token.isEmpty()
                ? Kept.all(round)
                : Kept.whereAny(
                        round, i -> SessionToken.names(token, round.state(i).endpoint()));
    }
}
