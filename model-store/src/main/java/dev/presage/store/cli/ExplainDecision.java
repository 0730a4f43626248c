package dev.presage.store.cli;

import dev.presage.pipeline.eventlog.RequestSearch;
import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.topics.KafkaOptions;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.bundle.VerifiedBundle;
import dev.presage.store.evidence.Drivers;
import dev.presage.store.evidence.Receipt;
import dev.presage.store.registry.ModelRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code presage models explain}: the receipt of one decision, from the event log. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "What was known, predicted and chosen for one request, and what came of it.")
final class ExplainDecision extends ModelsSubcommand {
    @Mixin
    private final KafkaOptions kafka = new KafkaOptions();

    @Parameters(
            paramLabel = "REQUEST-ID",
            description = "The router's id of the request, or the client's x-request-id.")
    private String request = "";

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "How far back to look, in records per partition (default: ${DEFAULT-VALUE}).")
    private long last;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to look (default: ${DEFAULT-VALUE}).")
    private int timeout;

    @Override
    int run(ModelRegistry store) throws IOException {
        RequestSearch.Found found = RequestSearch.find(kafka.connection(), request, last, Duration.ofSeconds(timeout));
        DecisionEvent decision = found.decision()
                .orElseThrow(() -> new RefusedException(
                        "no decision on request '" + request + "' among the last " + last + " of each partition"));
        Receipt receipt = Receipt.of(decision, found.outcome(), drivers(store, decision.getBundleId()));
        if (output == Output.json) {
            printJson(receipt);
        } else {
            print(receipt);
        }
        return 0;
    }

    /** Empty when no model decided, or when the store has it no more. */
    private Optional<Drivers> drivers(ModelRegistry store, String bundle) throws IOException {
        if (bundle.isEmpty()) {
            return Optional.empty();
        }
        BundleId id = BundleId.parse(bundle);
        Optional<byte[]> archive = store.archive(id);
        return archive.isPresent()
                        && registry.trust().reader().verify(archive.get(), id) instanceof VerifiedBundle known
                ? Optional.of(new Drivers(known.predictor()))
                : Optional.empty();
    }

    private void print(Receipt receipt) {
        out().printf("request    %s (client's id: %s)%n", receipt.requestId(), orNone(receipt.clientRequestId()));
        out().printf(
                        "decided    %s by %s for model %s of pool %s%n",
                        Instant.ofEpochMilli(receipt.decidedAtMs()), receipt.router(), receipt.model(), receipt.pool());
        out().printf(
                        Locale.ROOT,
                        "policy     %s%s%s, probability %.3f%n",
                        receipt.policy(),
                        receipt.fallback().isEmpty() ? "" : " because of " + receipt.fallback(),
                        receipt.explored() ? ", exploring" : "",
                        receipt.propensity());
        out().printf("model      %s%n", orNone(receipt.bundle()));
        out().printf("targets    %s%n", orNone(receipt.targets()));
        out().printf("session    %s%n", orNone(receipt.session()));
        Receipt.Hold hold = receipt.hold();
        out().printf(
                        "held       %s%n%n",
                        hold == null
                                ? "no"
                                : "%s ms for %s: %s".formatted(number(hold.ms()), hold.waitedFor(), hold.end()));
        String row = "%-2s %-22s %-20s %12s %12s %12s  %s%n";
        out().printf(row, "", "ENDPOINT", "CLASS", "COST", "TTFT MS", "TPOT MS", "DRIVEN BY");
        for (Receipt.Candidate one : receipt.candidates()) {
            out().printf(
                            row,
                            one.chosen() ? "->" : "",
                            one.endpoint(),
                            one.endpointClass(),
                            number(one.cost()),
                            range(one.ttftQuantilesMs()),
                            range(one.tpotQuantilesMs()),
                            drivers(one));
        }
        if (receipt.candidatesInAll() > receipt.candidates().size()) {
            out().printf(
                            "   and %d more%n",
                            receipt.candidatesInAll() - receipt.candidates().size());
        }
        Receipt.Result outcome = receipt.outcome();
        out().println();
        if (outcome == null) {
            out().println("outcome    not known yet");
        } else {
            out().printf(
                            "outcome    %s, status %d by %s, TTFT %s ms, TPOT %s ms, %s ms in all%n",
                            outcome.cause(),
                            outcome.httpStatus(),
                            outcome.servedBy(),
                            outcome.ttftMs() == null ? "?" : number(outcome.ttftMs()),
                            outcome.tpotMs() == null ? "?" : number(outcome.tpotMs()),
                            number(outcome.e2eMs()));
        }
    }

    private static String drivers(Receipt.Candidate one) {
        if (!one.drivenByMs().isEmpty()) {
            return one.drivenByMs().entrySet().stream()
                    .map(driver -> "%s %s ms".formatted(driver.getKey(), number(driver.getValue())))
                    .collect(Collectors.joining(", "));
        }
        return one.features().entrySet().stream()
                .filter(feature -> feature.getKey().startsWith("uncached")
                        || feature.getKey().startsWith("pending"))
                .map(feature -> "%s %s".formatted(feature.getKey(), number(feature.getValue())))
                .collect(Collectors.joining(", "));
    }

    /** Lowest and highest quantile. */
    private static String range(List<Float> quantiles) {
        return quantiles.isEmpty() ? "-" : number(quantiles.getFirst()) + ".." + number(quantiles.getLast());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.2f" : "%.0f", value);
    }

    private static String orNone(String text) {
        return text.isEmpty() ? "none" : text;
    }
}
