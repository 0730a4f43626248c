package dev.presage.router.body;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One number of a document, byte by byte: its first {@value #KEPT} significant digits and how far the point is from them, which is
 * more than a double can tell apart.
 */
final class JsonNumber {
    private enum At {
        MINUS,
        ZERO,
        DIGITS,
        POINT,
        FRACTION,
        EXPONENT,
        EXPONENT_SIGN,
        EXPONENT_DIGITS
    }

    private static final int KEPT = 40;
    /** So many digits are exact in a long. */
    private static final int EXACT_DIGITS = 18;

    private static final int MAX_EXPONENT = 1 << 20;

    private final byte[] digits = new byte[KEPT];
    private int length;
    private long whole;
    private boolean negative;
    private int scale;
    private int exponent;
    private boolean negativeExponent;
    private At at = At.MINUS;

    /** Whether {@code b} can begin a number; if so, it does. */
    boolean begins(int b) {
        if (b != '-' && (b < '0' || b > '9')) {
            return false;
        }
        length = 0;
        whole = 0;
        scale = 0;
        exponent = 0;
        negativeExponent = false;
        negative = b == '-';
        at = negative ? At.MINUS : b == '0' ? At.ZERO : At.DIGITS;
        if (!negative) {
            digit(b - '0', 0);
        }
        return true;
    }

    /** Whether {@code b} belongs to the number; if so, it is taken. */
    boolean takes(int b) {
        At next = next(b);
        if (next == null) {
            return false;
        }
        at = next;
        switch (next) {
            case ZERO, DIGITS -> digit(b - '0', 0);
            case FRACTION -> digit(b - '0', 1);
            case EXPONENT_SIGN -> negativeExponent = b == '-';
            case EXPONENT_DIGITS -> exponent = Math.min(MAX_EXPONENT, exponent * 10 + (b - '0'));
            case MINUS, POINT, EXPONENT -> {}
        }
        return true;
    }

    private void digit(int value, int behindPoint) {
        if (length == KEPT) {
            scale += 1 - behindPoint;
            return;
        }
        scale -= behindPoint;
        if (length > 0 || value > 0) {
            digits[length++] = (byte) ('0' + value);
            whole = length <= EXACT_DIGITS ? whole * 10 + value : whole;
        }
    }

    private @Nullable At next(int b) {
        boolean digit = b >= '0' && b <= '9';
        return switch (at) {
            case MINUS -> b == '0' ? At.ZERO : digit ? At.DIGITS : null;
            case ZERO -> afterInteger(b);
            case DIGITS -> digit ? At.DIGITS : afterInteger(b);
            case POINT -> digit ? At.FRACTION : null;
            case FRACTION -> digit ? At.FRACTION : b == 'e' || b == 'E' ? At.EXPONENT : null;
            case EXPONENT -> digit ? At.EXPONENT_DIGITS : b == '+' || b == '-' ? At.EXPONENT_SIGN : null;
            case EXPONENT_SIGN, EXPONENT_DIGITS -> digit ? At.EXPONENT_DIGITS : null;
        };
    }

    private static @Nullable At afterInteger(int b) {
        return b == '.' ? At.POINT : b == 'e' || b == 'E' ? At.EXPONENT : null;
    }

    /** Where the byte after the number is wrong; empty when the number is whole. */
    String complaint() {
        return switch (at) {
            case ZERO, DIGITS, FRACTION, EXPONENT_DIGITS -> "";
            case MINUS -> "in numeric literal";
            case POINT -> "after decimal point in numeric literal";
            case EXPONENT, EXPONENT_SIGN -> "in exponent of numeric literal";
        };
    }

    double value() {
        int shift = scale + (negativeExponent ? -exponent : exponent);
        if (length <= EXACT_DIGITS && (shift == 0 || length == 0)) {
            return negative ? -whole : whole;
        }
        String text = new String(digits, 0, length, StandardCharsets.US_ASCII) + "e" + shift;
        double value = Double.parseDouble(text);
        return negative ? -value : value;
    }
}
