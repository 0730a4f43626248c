package dev.presage.router.plugin.session;

import dev.presage.router.pick.Decision;
import dev.presage.router.plugin.Filter;
import dev.presage.router.plugin.Kept;
import dev.presage.router.plugin.Reply;
import dev.presage.router.plugin.ReplyPlugin;
import dev.presage.router.plugin.Round;
import java.util.Map;

/** The endpoint of the request's session; all when it is none of the candidates. */
record SessionFilter(Affinity affinity) implements Filter, ReplyPlugin {
    @Override
    public Kept keep(Round round) {
        return affinity.endpoint(round)
                .map(own -> Kept.whereAny(round, i -> own.test(round.state(i).endpoint())))
                .orElseGet(() -> Kept.all(round));
    }

    @Override
    public void routed(Decision.Routed decision) {
        affinity.routed(decision);
    }

    @Override
    public Map<String, String> headers(Reply reply) {
        return affinity.headers(reply);
    }
}
