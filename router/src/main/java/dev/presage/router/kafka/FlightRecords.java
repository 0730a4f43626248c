package dev.presage.router.kafka;

import dev.presage.pipeline.proto.FlightEnded;
import dev.presage.pipeline.proto.FlightEvent;
import dev.presage.pipeline.proto.FlightFirstToken;
import dev.presage.pipeline.proto.FlightSent;
import dev.presage.pipeline.topics.EventFormat;
import dev.presage.router.peer.Flight;
import java.util.Optional;

/**
 * Writes and reads what routers tell each other.
 *
 * @param routerId of one life of this router; news of that id is its own
 */
record FlightRecords(String routerId, String pool) {
    /** Of longer prompts the others learn the beginning: 32 KiB of hashes. */
    static final int MAX_BLOCKS = 4_096;

    FlightEvent write(Flight flight) {
        FlightEvent.Builder event = FlightEvent.newBuilder()
                .setSchemaVersion(EventFormat.SCHEMA_VERSION)
                .setRequestId(flight.id())
                .setRouterId(routerId)
                .setPool(pool)
                .setAtMs(flight.atMs());
        switch (flight) {
            case Flight.Sent sent -> {
                FlightSent.Builder told = FlightSent.newBuilder()
                        .setEndpoint(sent.address())
                        .setPromptTokens(sent.promptTokens())
                        .setCachedTokens(sent.cachedTokens());
                for (int i = 0; i < Math.min(MAX_BLOCKS, sent.blocks().length); i++) {
                    told.addPrefixBlocks(sent.blocks()[i]);
                }
                event.setSent(told);
            }
            case Flight.FirstToken first -> event.setFirstToken(FlightFirstToken.getDefaultInstance());
            case Flight.Ended ended ->
                event.setEnded(
                        FlightEnded.newBuilder().setAnswered(ended.answered()).setOutputTokens(ended.outputTokens()));
        }
        return event.build();
    }

    /** Empty for this router's own news, another pool's, and what makes no sense. */
    Optional<Flight> read(FlightEvent event) {
        if (event.getRouterId().equals(routerId) || !event.getPool().equals(pool)) {
            return Optional.empty();
        }
        String id = event.getRequestId();
        long atMs = event.getAtMs();
        return switch (event.getNewsCase()) {
            case SENT -> sent(id, atMs, event.getSent());
            case FIRST_TOKEN -> Optional.of(new Flight.FirstToken(id, atMs));
            case ENDED ->
                Optional.of(new Flight.Ended(
                        id,
                        atMs,
                        event.getEnded().getAnswered(),
                        Math.max(0, event.getEnded().getOutputTokens())));
            case NEWS_NOT_SET -> Optional.empty();
        };
    }

    private static Optional<Flight> sent(String id, long atMs, FlightSent sent) {
        int prompt = sent.getPromptTokens();
        int cached = sent.getCachedTokens();
        if (prompt < 0 || cached < 0 || cached > prompt || sent.getPrefixBlocksCount() > MAX_BLOCKS) {
            return Optional.empty();
        }
        long[] blocks =
                sent.getPrefixBlocksList().stream().mapToLong(Long::longValue).toArray();
        return Optional.of(new Flight.Sent(id, atMs, sent.getEndpoint(), prompt, cached, blocks));
    }
}
