package dev.presage.router.body;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One number of a document, byte by byte. Keeps its first {@value #KEPT} characters; whole numbers need none of them. */
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

    private static final int KEPT = 64;
    /** Whole numbers of so many digits are exact in a long and nearly all of them in a double. */
    private static final int EXACT_DIGITS = 18;

    private final byte[] kept = new byte[KEPT];
    private int length;
    private long whole;
    private At at = At.MINUS;

    /** Whether {@code b} can begin a number; if so, it does. */
    boolean begins(int b) {
        if (b != '-' && (b < '0' || b > '9')) {
            return false;
        }
        at = b == '-' ? At.MINUS : b == '0' ? At.ZERO : At.DIGITS;
        length = 0;
        whole = b == '-' ? 0 : b - '0';
        keep(b);
        return true;
    }

    /** Whether {@code b} belongs to the number; if so, it is taken. */
    boolean takes(int b) {
        At next = next(b);
        if (next == null) {
            return false;
        }
        at = next;
        if (next == At.DIGITS && length < EXACT_DIGITS) {
            whole = whole * 10 + (b - '0');
        }
        keep(b);
        return true;
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

    private void keep(int b) {
        if (length < KEPT) {
            kept[length++] = (byte) b;
        }
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
        if ((at == At.DIGITS || at == At.ZERO) && length <= EXACT_DIGITS) {
            return kept[0] == '-' ? -(double) whole : whole;
        }
        try {
            return Double.parseDouble(new String(kept, 0, length, StandardCharsets.US_ASCII));
        } catch (NumberFormatException cutInItsExponent) {
            return 0;
        }
    }
}
