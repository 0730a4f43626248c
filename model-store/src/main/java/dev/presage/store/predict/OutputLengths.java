package dev.presage.store.predict;

import dev.presage.store.proto.LengthCell;
import dev.presage.store.proto.LengthModel;
import java.util.HashMap;
import java.util.Map;

/**
 * Predicts how long replies are from what is known when a request is routed: the model that it asks for, the client's bound and the
 * length of the prompt. A table of cells, finer ones first; what no cell holds falls back to a coarser one. Immutable and thread-safe.
 */
public final class OutputLengths {
    /** Cells of this depth tell requests apart by everything; those of depth 0 hold all of them. */
    public static final int DEEPEST = 3;

    /**
     * What the replies of one cell have in common.
     *
     * @param depth 0 nothing, 1 the model, 2 also the bound's power of two, 3 also the prompt's power of four
     */
    public record Cell(int depth, String model, int bound, int prompt) {
        /** The cell of a request; {@code maxTokens} is 0 without a bound. */
        public static Cell of(int depth, String model, int promptTokens, int maxTokens) {
            return new Cell(
                    depth,
                    depth >= 1 ? model : "",
                    depth >= 2 ? log2(maxTokens) : 0,
                    depth >= DEEPEST ? log2(promptTokens) / 2 : 0);
        }

        private static int log2(int value) {
            return value <= 0 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(value);
        }
    }

    private final Map<Cell, OutputLength> cells = new HashMap<>();

    OutputLengths(LengthModel model, int levels) {
        for (LengthCell cell : model.getCellsList()) {
            if (cell.getTokensCount() != levels) {
                throw new IllegalArgumentException(
                        "a length cell has " + cell.getTokensCount() + " quantiles, the predictor " + levels);
            }
            cells.put(
                    new Cell(cell.getDepth(), cell.getModel(), cell.getBound(), cell.getPrompt()),
                    new OutputLength(cell.getMeanTokens(), cell.getTokensList()));
        }
    }

    /** Never above the client's bound; {@link OutputLength#UNKNOWN} where no cell speaks of the request. */
    public OutputLength of(String model, int promptTokens, int maxTokens) {
        if (cells.isEmpty()) {
            return OutputLength.UNKNOWN;
        }
        for (int depth = DEEPEST; depth >= 0; depth--) {
            OutputLength known = cells.get(Cell.of(depth, model, promptTokens, maxTokens));
            if (known != null) {
                return known.within(maxTokens);
            }
        }
        return OutputLength.UNKNOWN;
    }
}
