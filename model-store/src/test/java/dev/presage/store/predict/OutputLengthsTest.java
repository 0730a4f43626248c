package dev.presage.store.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.presage.store.proto.LengthCell;
import dev.presage.store.proto.LengthModel;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputLengthsTest {
    private static LengthCell cell(OutputLengths.Cell cell, double mean, double median, double p90) {
        return LengthCell.newBuilder()
                .setDepth(cell.depth())
                .setModel(cell.model())
                .setBound(cell.bound())
                .setPrompt(cell.prompt())
                .setMeanTokens(mean)
                .addTokens(median)
                .addTokens(p90)
                .build();
    }

    private static OutputLengths lengths(LengthCell... cells) {
        return new OutputLengths(
                LengthModel.newBuilder().addAllCells(List.of(cells)).build(), 2);
    }

    private final OutputLengths lengths = lengths(
            cell(OutputLengths.Cell.of(0, "", 0, 0), 200, 150, 500),
            cell(OutputLengths.Cell.of(1, "chat", 0, 0), 300, 250, 600),
            cell(OutputLengths.Cell.of(2, "chat", 0, 100), 60, 50, 100),
            cell(OutputLengths.Cell.of(3, "chat", 5_000, 100), 40, 30, 90));

    @Test
    void theDeepestCellThatKnowsTheRequestHolds() {
        assertEquals(40, lengths.of("chat", 4_500, 90).meanTokens());
        assertEquals(60, lengths.of("chat", 100, 101).meanTokens());
        assertEquals(300, lengths.of("chat", 100, 0).meanTokens());
        assertEquals(200, lengths.of("code", 100, 0).meanTokens());
    }

    @Test
    void nothingIsExpectedBeyondWhatTheClientAllows() {
        OutputLength bounded = lengths.of("code", 100, 170);
        assertEquals(List.of(150.0, 170.0), bounded.tokens());
        assertEquals(170, bounded.meanTokens());
    }

    @Test
    void aModelWithoutLengthsSaysSo() {
        assertFalse(lengths().of("chat", 100, 10).isKnown());
    }

    @Test
    void quantilesThatCrossAreRefused() {
        LengthCell crossing = cell(OutputLengths.Cell.of(0, "", 0, 0), 10, 20, 10);
        String message = assertThrows(IllegalArgumentException.class, () -> lengths(crossing))
                .toString();
        assertTrue(message.contains("ascend"), message);
    }

    @Test
    void oneQuantilePerLevel() {
        LengthCell short1 =
                LengthCell.newBuilder().setMeanTokens(1).addTokens(1).build();
        String message = assertThrows(IllegalArgumentException.class, () -> lengths(short1))
                .toString();
        assertTrue(message.contains("1 quantiles, the predictor 2"), message);
    }
}
