package dev.presage.store.console;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.evidence.ModelDifference;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.AnnotateRequest;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.FreezeRequest;
import dev.presage.store.registry.Gate;
import dev.presage.store.registry.LifecycleState;
import dev.presage.store.registry.MovePlan;
import dev.presage.store.registry.MoveRequest;
import dev.presage.store.registry.PoolChange;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.RollbackRequest;
import dev.presage.store.registry.VersionEntry;
import dev.presage.store.registry.WithdrawRequest;
import dev.presage.store.service.ChangeListener;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The confirmation of a change: what would come of it and the evidence, a reason, and then the change itself. For operators. */
final class ChangePage {
    private static final String CONFIRM = "change";

    private final Sources sources;
    private final ChangeListener listener;

    ChangePage(Sources sources, ChangeListener listener) {
        this.sources = sources;
        this.listener = listener;
    }

    /**
     * What the template shows.
     *
     * @param version that it is about, which for a rollback is the previous champion; null for a freeze
     * @param alias that the version is to get; empty unless it is promoted
     * @param gates of the pool's policy
     * @param problem why it would be, or was, refused; empty when nothing speaks against it
     * @param forceable whether only the policy speaks against it
     * @param difference from the champion to the version; null when there is nothing to compare
     */
    record View(
            Ask ask,
            Action action,
            PoolState pool,
            @Nullable VersionEntry version,
            String alias,
            List<Gate> gates,
            String problem,
            boolean forceable,
            @Nullable ModelDifference difference,
            ModelPage.Reports reports) {
        /** Where "cancel" leads. */
        String back() {
            return version == null ? "/console" : "/console/pools/" + pool.pool() + "/models/" + version.bundle();
        }
    }

    /** One request, with its names resolved. */
    private record Wish(
            Ask ask,
            Action action,
            PoolState pool,
            @Nullable BundleId bundle,
            @Nullable Alias alias) {
        BundleId version() {
            if (bundle == null) {
                throw new ConsoleException(400, "Say which version");
            }
            return bundle;
        }

        Alias moved() {
            if (alias == null) {
                throw new ConsoleException(400, "Say which alias: champion, challenger or canary");
            }
            return alias;
        }
    }

    /** Shows what would happen. */
    Reply confirm(Ask ask) throws IOException {
        requireOperator(ask);
        Wish wish = wish(ask);
        if (wish.action() == Action.PROMOTE) {
            MovePlan plan = sources.registry().plan(move(wish, wish.pool().revision(), "dry run", false));
            String problem = problem(plan.outcome());
            boolean forceable = !problem.isEmpty() && isForceable(wish);
            return shown(200, wish, plan.gates(), problem, forceable);
        }
        return shown(200, wish, List.of(), "", false);
    }

    /** Whether it would be done without the gates. */
    private boolean isForceable(Wish wish) throws IOException {
        MovePlan forced = sources.registry().plan(move(wish, wish.pool().revision(), "dry run", true));
        return forced.outcome() instanceof ChangeOutcome.Changed;
    }

    /** Does it. */
    Reply perform(Ask ask) throws IOException {
        requireOperator(ask);
        Wish wish = wish(ask);
        PoolChange change;
        try {
            change = change(wish);
        } catch (IllegalArgumentException e) {
            return shown(400, wish, List.of(), String.valueOf(e.getMessage()), false);
        }
        ChangeOutcome outcome = sources.registry().change(change);
        if (outcome instanceof ChangeOutcome.Changed changed) {
            listener.changed(change, changed);
        }
        return switch (outcome) {
            case ChangeOutcome.Changed _, ChangeOutcome.Unchanged _ -> new Reply.Elsewhere(after(wish));
            case ChangeOutcome.Conflict conflict ->
                shown(409, wish, List.of(), "Somebody was faster: " + conflict.message() + ". Look again.", false);
            case ChangeOutcome.Refused(PoolState _, String problem) -> shown(422, wish, List.of(), problem, false);
        };
    }

    private static void requireOperator(Ask ask) {
        if (!ask.visitor().operator()) {
            throw new ConsoleException(403, "Only operators may change a pool");
        }
    }

    private static String after(Wish wish) {
        String done = "?done=" + wish.action().key();
        return wish.action().onVersion()
                ? "/console/pools/" + wish.pool().pool() + "/models/" + wish.version() + done
                : "/console" + done;
    }

    private Wish wish(Ask ask) throws IOException {
        PoolState pool = ask.pool(sources.registry());
        Action action = Action.of(ask.part("action"));
        BundleId bundle = action == Action.ROLLBACK
                ? pool.bundle(Alias.PREVIOUS).orElse(null)
                : action.onVersion() ? Ask.bundle(pool, ask.field("bundle")) : null;
        return new Wish(
                ask, action, pool, bundle, Alias.ofKey(ask.field("alias")).orElse(null));
    }

    private static MoveRequest move(Wish wish, long revision, String reason, boolean force) {
        return new MoveRequest(
                wish.pool().pool(), wish.moved(), wish.version(), revision, actor(wish), reason, Map.of(), force);
    }

    /** Throws {@link IllegalArgumentException} in the record's own words. */
    private static PoolChange change(Wish wish) {
        String pool = wish.pool().pool();
        String reason = wish.ask().field("reason");
        long revision = revision(wish.ask());
        return switch (wish.action()) {
            case PROMOTE ->
                move(wish, revision, reason, !wish.ask().field("force").isEmpty());
            case ROLLBACK -> new RollbackRequest(pool, revision, actor(wish), reason, Map.of());
            case FREEZE -> new FreezeRequest(pool, true, revision, actor(wish), reason);
            case UNFREEZE -> new FreezeRequest(pool, false, revision, actor(wish), reason);
            case REJECT -> withdraw(wish, LifecycleState.REJECTED, revision, reason);
            case RETIRE -> withdraw(wish, LifecycleState.RETIRED, revision, reason);
            case ANNOTATE ->
                new AnnotateRequest(
                        pool,
                        wish.version(),
                        new TreeSet<>(List.of(
                                wish.ask().field("tags").isEmpty()
                                        ? new String[0]
                                        : wish.ask().field("tags").split("[ ,]+"))),
                        wish.ask().field("note"),
                        actor(wish),
                        reason);
        };
    }

    private static WithdrawRequest withdraw(Wish wish, LifecycleState to, long revision, String reason) {
        return new WithdrawRequest(wish.pool().pool(), wish.version(), to, revision, actor(wish), reason, Map.of());
    }

    private static long revision(Ask ask) {
        try {
            return Long.parseLong(ask.field("revision"));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("revision '" + ask.field("revision") + "' is no number", e);
        }
    }

    private static String actor(Wish wish) {
        String name = wish.ask().visitor().name();
        String who = name.isEmpty() ? wish.ask().field("name") : name;
        return (who.isEmpty() ? "somebody" : who) + " (console)";
    }

    private static String problem(ChangeOutcome outcome) {
        return switch (outcome) {
            case ChangeOutcome.Changed _ -> "";
            case ChangeOutcome.Unchanged _ -> "It is so already; nothing would change.";
            case ChangeOutcome.Conflict conflict -> conflict.message();
            case ChangeOutcome.Refused(PoolState _, String problem) -> problem;
        };
    }

    private Reply shown(int status, Wish wish, List<Gate> gates, String problem, boolean forceable) throws IOException {
        BundleId bundle = wish.bundle();
        View view = new View(
                wish.ask(),
                wish.action(),
                wish.pool(),
                bundle == null ? null : wish.pool().version(bundle).orElse(null),
                wish.alias() == null ? "" : wish.alias().key(),
                gates,
                wish.action() == Action.ROLLBACK && bundle == null ? "The pool has no previous champion." : problem,
                forceable,
                difference(wish),
                bundle == null
                        ? new ModelPage.Reports(null, null, null, null)
                        : ModelPage.reports(sources, wish.pool().pool(), bundle));
        String title = wish.action().verb
                + (wish.action().onVersion() && bundle != null
                        ? " " + Text.shortId(bundle)
                        : " pool " + wish.pool().pool());
        return new Reply.Shown(status, title, "models", wish.pool().pool(), CONFIRM, view);
    }

    private @Nullable ModelDifference difference(Wish wish) throws IOException {
        BundleId champion = wish.pool().aliases().get(Alias.CHAMPION);
        BundleId other = wish.bundle();
        if (champion == null || other == null || champion.equals(other)) {
            return null;
        }
        Optional<VerifiedBundle> before = sources.bundles().verified(champion);
        Optional<VerifiedBundle> after = sources.bundles().verified(other);
        return before.isPresent() && after.isPresent() ? ModelDifference.of(before.get(), after.get()) : null;
    }
}
