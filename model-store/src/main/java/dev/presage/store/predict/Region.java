package dev.presage.store.predict;

import org.jspecify.annotations.Nullable;

/**
 * Where a node of a tree is reached: bins {@code firstLow} to {@code firstHigh} of one column and the same of a second one, both
 * included. A column of {@link #NONE} restricts nothing.
 */
record Region(int first, int firstLow, int firstHigh, int second, int secondLow, int secondHigh) {
    static final int NONE = -1;
    /** Every bin, when it is the upper end. */
    static final int ALL = Integer.MAX_VALUE;

    static final Region EVERYWHERE = new Region(NONE, 0, ALL, NONE, 0, ALL);

    /** The part of it with that column's bin between the two; null when that would need a third column. */
    @Nullable
    Region where(int column, int low, int high) {
        if (first == NONE || first == column) {
            return new Region(
                    column, Math.max(firstLow, low), Math.min(firstHigh, high), second, secondLow, secondHigh);
        }
        if (second == NONE || second == column) {
            return new Region(first, firstLow, firstHigh, column, Math.max(secondLow, low), Math.min(secondHigh, high));
        }
        return null;
    }

    boolean isEmpty() {
        return firstLow > firstHigh || secondLow > secondHigh;
    }

    int lowOf(int column) {
        return column == first ? firstLow : column == second ? secondLow : 0;
    }

    int highOf(int column) {
        return column == first ? firstHigh : column == second ? secondHigh : ALL;
    }
}
