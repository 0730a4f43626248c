package dev.presage.store.console;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Latency objectives by remaining budget, and one with its burn rates and where its pool's time goes. Added up over all routers that answer. */
record ObjectivesPage(Routers routers) {
    private static final Map<String, Double> PAGES = Map.of("5m", 14.4, "1h", 14.4, "30m", 6.0, "6h", 6.0);
    private static final Map<String, Double> TICKETS = Map.of("2h", 3.0, "1d", 3.0, "3d", 1.0);

    /** What the template of the list shows. */
    record View(List<Routers.Objective> objectives, List<Routers.RouterState> routers) {
        List<Routers.RouterState> down() {
            return routers.stream().filter(router -> !router.isUp()).toList();
        }
    }

    /** What the template of one shows; {@code routers} are those of its pool. */
    record OneView(Routers.Objective objective, List<Routers.RouterState> routers, List<Routers.RouterState> down) {
        Chart burn() {
            List<String> windows =
                    objective.burns().stream().map(Routers.Burn::window).toList();
            return Chart.columns(
                    "burn rate",
                    windows,
                    List.of(
                            new Chart.Series(
                                    "burn rate",
                                    objective.burns().stream()
                                            .map(objective::rate)
                                            .toList()),
                            new Chart.Series(
                                    "alert at",
                                    windows.stream().map(OneView::bound).toList(),
                                    true)));
        }

        /** Commands that replay the pool's logged traffic in the policy lab, with this objective's targets. */
        String whatIf() {
            String file = objective.pool().replaceAll("[^A-Za-z0-9.-]", "-") + ".jsonl";
            return "presage lab-trace --pool '%s' --output %s%npresage lab --trace %s --fleet 4*h100-llama-2-70b-hf-tp8%s%s"
                    .formatted(
                            objective.pool().replace("'", "'\\''"),
                            file,
                            file,
                            target(" --ttft-target ", objective.ttftMs()),
                            target(" --tpot-target ", objective.tpotMs()));
        }

        private static String target(String option, @Nullable Double ms) {
            return ms == null
                    ? ""
                    : option + BigDecimal.valueOf(ms).stripTrailingZeros().toPlainString();
        }

        /** The rate from which the window's alert fires. */
        static double bound(String window) {
            return PAGES.getOrDefault(window, TICKETS.getOrDefault(window, 1.0));
        }

        static String alert(String window) {
            return PAGES.containsKey(window) ? "page" : "ticket";
        }

        Chart time() {
            List<String> names =
                    routers.stream().map(router -> router.base().getAuthority()).toList();
            return new Chart(
                    "stack",
                    "mean milliseconds of a request",
                    "",
                    names,
                    List.of(
                            new Chart.Series(
                                    "queue",
                                    routers.stream()
                                            .map(router -> orZero(router.spent().queueMs()))
                                            .toList()),
                            new Chart.Series(
                                    "prefill",
                                    routers.stream()
                                            .map(router -> orZero(router.spent().prefillMs()))
                                            .toList()),
                            new Chart.Series(
                                    "decode",
                                    routers.stream()
                                            .map(router -> orZero(router.spent().decodeMs()))
                                            .toList())),
                    false,
                    false);
        }

        private static double orZero(@Nullable Double value) {
            return value == null ? 0 : value;
        }
    }

    Reply list(Ask ask) {
        List<Routers.RouterState> states = routers.look();
        return Reply.Shown.of("Latency objectives", "objectives", "", "objectives", new View(sums(states), states));
    }

    Reply one(Ask ask) {
        String name = ask.part("name");
        String pool = ask.part("pool");
        List<Routers.RouterState> states = routers.look();
        Routers.Objective objective = sums(states).stream()
                .filter(one -> one.name().equals(name) && one.pool().equals(pool))
                .findFirst()
                .orElseThrow(() -> new ConsoleException(404, "No router that answers has an objective '" + name + "'"));
        OneView view = new OneView(
                objective,
                states.stream()
                        .filter(router -> router.isUp() && router.pool().equals(pool))
                        .toList(),
                states.stream().filter(router -> !router.isUp()).toList());
        return Reply.Shown.of("Objective " + name, "objectives", "", "objective", view);
    }

    private static List<Routers.Objective> sums(List<Routers.RouterState> routers) {
        Map<List<String>, Routers.Objective> sums = new LinkedHashMap<>();
        routers.forEach(router -> router.objectives()
                .forEach(one -> sums.merge(List.of(one.pool(), one.name()), one, Routers.Objective::plus)));
        List<Routers.Objective> sorted = new ArrayList<>(sums.values());
        sorted.sort(Comparator.comparingDouble(Routers.Objective::budgetLeft).thenComparing(Routers.Objective::name));
        return sorted;
    }
}
