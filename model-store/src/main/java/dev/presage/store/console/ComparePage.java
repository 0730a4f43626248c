package dev.presage.store.console;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.ModelCard;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.evidence.ModelDifference;
import dev.presage.store.registry.Alias;
import dev.presage.store.registry.PoolState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Two versions side by side. */
record ComparePage(Sources sources) {
    private static final int OFFERED = 50;

    /**
     * What the template shows.
     *
     * @param choices aliases and the newest versions
     * @param difference null until both are chosen, or when {@code problem} says why not
     */
    record View(
            PoolState pool,
            List<Choice> choices,
            String from,
            String to,
            @Nullable ModelDifference difference,
            List<ModelCard> cards,
            String problem) {}

    record Choice(String value, String text) {}

    Reply show(Ask ask) throws IOException {
        PoolState pool = ask.pool(sources.registry());
        String from = ask.field("from");
        String to = ask.field("to");
        ModelDifference difference = null;
        String problem = "";
        List<ModelCard> cards = List.of();
        if (!from.isEmpty() && !to.isEmpty()) {
            Optional<VerifiedBundle> one = sources.bundles().verified(Ask.bundle(pool, from));
            Optional<VerifiedBundle> other = sources.bundles().verified(Ask.bundle(pool, to));
            if (one.isPresent() && other.isPresent()) {
                difference = ModelDifference.of(one.get(), other.get());
                cards = List.of(
                        one.get().manifest().card(), other.get().manifest().card());
            } else {
                problem = "The bundle of " + (one.isEmpty() ? from : to) + " cannot be read; its own page says why.";
            }
        }
        View view = new View(pool, choices(pool, from, to), from, to, difference, cards, problem);
        return Reply.Shown.of("Compare models of " + pool.pool(), "compare", pool.pool(), "compare", view);
    }

    private static List<Choice> choices(PoolState pool, String from, String to) {
        List<Choice> choices = new ArrayList<>();
        for (Alias alias : Alias.values()) {
            pool.bundle(alias)
                    .ifPresent(
                            bundle -> choices.add(new Choice(alias.key(), alias.key() + " " + Text.shortId(bundle))));
        }
        Stream<BundleId> newest =
                pool.versions().reversed().stream().limit(OFFERED).map(version -> version.bundle());
        Stream<BundleId> chosen = pool.versions().stream()
                .map(version -> version.bundle())
                .filter(id -> id.value().equals(from) || id.value().equals(to));
        Stream.concat(newest, chosen).distinct().forEach(id -> choices.add(new Choice(id.value(), Text.shortId(id))));
        return choices;
    }
}
