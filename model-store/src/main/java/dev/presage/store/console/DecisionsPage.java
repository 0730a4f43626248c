package dev.presage.store.console;

import dev.presage.pipeline.proto.CandidateRow;
import dev.presage.pipeline.proto.DecisionEvent;
import dev.presage.pipeline.proto.OutcomeEvent;
import dev.presage.store.bundle.BundleId;
import dev.presage.store.evidence.Drivers;
import dev.presage.store.evidence.Receipt;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Recent decisions by request id, endpoint, fallback and time, and the receipt of one. */
record DecisionsPage(Sources sources) {
    private static final int ROWS = 100;

    /**
     * What the template of the list shows.
     *
     * @param rows newest first
     * @param kept requests that were looked through, all pools
     */
    record View(Ask ask, List<RecentRequests.Entry> rows, int kept, boolean follows) {
        static String endpoint(RecentRequests.Entry entry) {
            return chosen(entry.decision()).map(CandidateRow::getEndpoint).orElse(Text.NONE);
        }

        static String predicted(RecentRequests.Entry entry) {
            return chosen(entry.decision())
                    .map(row -> Text.range(row.getTtftQuantilesMsList()))
                    .orElse(Text.NONE);
        }

        static String actual(RecentRequests.Entry entry) {
            OutcomeEvent outcome = entry.outcome();
            return outcome == null || !outcome.hasTtftMs() ? Text.NONE : Text.ms(outcome.getTtftMs());
        }
    }

    /** What the template of the receipt shows; {@code receipt} is null when the request is not known. */
    record ReceiptView(String id, @Nullable Receipt receipt, boolean wholeLog, boolean follows) {}

    Reply list(Ask ask) {
        List<RecentRequests.Entry> rows = sources.requests().newest(ROWS, wanted(ask));
        int kept = sources.requests()
                .newest(RecentRequests.MAX_REQUESTS, entry -> true)
                .size();
        return Reply.Shown.of(
                "Decisions",
                "decisions",
                ask.field("pool"),
                "decisions",
                new View(ask, rows, kept, sources.requests().isFollowing()));
    }

    private static Predicate<RecentRequests.Entry> wanted(Ask ask) {
        String id = ask.field("id");
        String pool = ask.field("pool");
        String endpoint = ask.field("endpoint");
        String fallback = ask.field("fallback");
        long from = instant(ask, "from", Long.MIN_VALUE);
        long to = instant(ask, "to", Long.MAX_VALUE);
        return entry -> {
            DecisionEvent decision = entry.decision();
            return (id.isEmpty()
                            || decision.getRequestId().contains(id)
                            || decision.getClientRequestId().contains(id))
                    && (pool.isEmpty() || decision.getPool().equals(pool))
                    && (endpoint.isEmpty() || View.endpoint(entry).contains(endpoint))
                    && (fallback.isEmpty()
                            || fallback.equals("any") && !decision.getFallback().isEmpty()
                            || decision.getFallback().equals(fallback))
                    && decision.getDecidedAtMs() >= from
                    && decision.getDecidedAtMs() <= to;
        };
    }

    /** A time as browsers send it, taken as UTC. */
    private static long instant(Ask ask, String field, long otherwise) {
        String text = ask.field(field);
        try {
            return text.isEmpty()
                    ? otherwise
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeException e) {
            throw new ConsoleException(400, field + " is '" + text + "', want a time such as 2026-01-31T12:00:00");
        }
    }

    private static Optional<CandidateRow> chosen(DecisionEvent decision) {
        return decision.getChosen() < decision.getCandidatesCount()
                ? Optional.of(decision.getCandidates(decision.getChosen()))
                : Optional.empty();
    }

    Reply receipt(Ask ask) throws IOException {
        String id = ask.part("request");
        boolean wholeLog = !ask.field("log").isEmpty();
        RecentRequests requests = sources.requests();
        Optional<RecentRequests.Entry> entry = requests.find(id);
        if (entry.isEmpty() && wholeLog) {
            entry = requests.search(id);
        }
        Receipt receipt = entry.isEmpty() ? null : receipt(entry.get());
        return new Reply.Shown(
                receipt == null ? 404 : 200,
                "Request " + id,
                "decisions",
                receipt == null ? "" : receipt.pool(),
                "receipt",
                new ReceiptView(id, receipt, wholeLog, requests.isFollowing()));
    }

    private Receipt receipt(RecentRequests.Entry entry) throws IOException {
        Optional<Drivers> drivers = Optional.empty();
        if (!entry.decision().getBundleId().isEmpty()) {
            drivers = sources.bundles()
                    .verified(BundleId.parse(entry.decision().getBundleId()))
                    .map(bundle -> new Drivers(bundle.predictor()));
        }
        return Receipt.of(entry.decision(), Optional.ofNullable(entry.outcome()), drivers);
    }
}
