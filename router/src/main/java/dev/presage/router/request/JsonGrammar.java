package dev.presage.router.request;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * JSON's grammar one byte at a time, only to find the first byte that breaks it and to name the place. Bounded by the depth of
 * the body that is read.
 */
final class JsonGrammar {
    private enum At {
        VALUE,
        VALUE_OR_END,
        KEY,
        KEY_OR_END,
        COLON,
        AFTER_MEMBER,
        AFTER_ELEMENT,
        DONE,
        STRING,
        ESCAPE,
        UNICODE,
        LITERAL,
        MINUS,
        ZERO,
        DIGITS,
        POINT,
        FRACTION,
        EXPONENT,
        EXPONENT_SIGN,
        EXPONENT_DIGITS
    }

    private static final String VALUE = "looking for beginning of value";
    private static final String KEY = "looking for beginning of object key string";
    private static final String NUMBER = "in numeric literal";

    private final Deque<Boolean> objects = new ArrayDeque<>();
    private At at = At.VALUE;
    private boolean key;
    private String literal = "";
    private int matched;

    /** Takes the next byte; empty, or where in the grammar it is wrong. */
    String accept(int b) {
        return switch (at) {
            case STRING -> string(b);
            case ESCAPE -> escape(b);
            case UNICODE -> unicode(b);
            case LITERAL -> literal(b);
            case MINUS, ZERO, DIGITS, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, EXPONENT_DIGITS -> number(b);
            case VALUE, VALUE_OR_END, KEY, KEY_OR_END, COLON, AFTER_MEMBER, AFTER_ELEMENT, DONE -> between(b);
        };
    }

    /** Whether the bytes so far are a whole value. */
    boolean ended() {
        return objects.isEmpty()
                && (at == At.DONE || at == At.ZERO || at == At.DIGITS || at == At.FRACTION || at == At.EXPONENT_DIGITS);
    }

    private String between(int b) {
        if (b == ' ' || b == '\t' || b == '\r' || b == '\n') {
            return "";
        }
        return switch (at) {
            case VALUE_OR_END -> b == ']' ? close() : value(b);
            case KEY -> b == '"' ? open(true) : KEY;
            case KEY_OR_END -> b == '"' ? open(true) : b == '}' ? close() : KEY;
            case COLON -> b == ':' ? go(At.VALUE) : "after object key";
            case AFTER_MEMBER -> b == ',' ? go(At.KEY) : b == '}' ? close() : "after object key:value pair";
            case AFTER_ELEMENT -> b == ',' ? go(At.VALUE) : b == ']' ? close() : "after array element";
            case DONE -> "after top-level value";
            default -> value(b);
        };
    }

    private String value(int b) {
        return switch (b) {
            case '{' -> nest(true, At.KEY_OR_END);
            case '[' -> nest(false, At.VALUE_OR_END);
            case '"' -> open(false);
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            case '-' -> go(At.MINUS);
            case '0' -> go(At.ZERO);
            default -> b >= '1' && b <= '9' ? go(At.DIGITS) : VALUE;
        };
    }

    private String nest(boolean object, At next) {
        objects.push(object);
        return go(next);
    }

    private String close() {
        objects.pop();
        return valueEnded();
    }

    private String open(boolean asKey) {
        key = asKey;
        return go(At.STRING);
    }

    private String word(String expected) {
        literal = expected;
        matched = 1;
        return go(At.LITERAL);
    }

    private String valueEnded() {
        Boolean object = objects.peek();
        return go(object == null ? At.DONE : object ? At.AFTER_MEMBER : At.AFTER_ELEMENT);
    }

    private String go(At next) {
        at = next;
        return "";
    }

    private String string(int b) {
        if (b == '"') {
            return key ? go(At.COLON) : valueEnded();
        }
        if (b == '\\') {
            return go(At.ESCAPE);
        }
        return b < 0x20 ? "in string literal" : "";
    }

    private String escape(int b) {
        matched = 0;
        return b == 'u' ? go(At.UNICODE) : "\"\\/bfnrt".indexOf(b) >= 0 ? go(At.STRING) : "in string escape code";
    }

    private String unicode(int b) {
        if (Character.digit(b, 16) < 0 || b > 'f') {
            return "in \\u hexadecimal character escape";
        }
        return ++matched == 4 ? go(At.STRING) : "";
    }

    private String literal(int b) {
        char expected = literal.charAt(matched);
        if (b != expected) {
            return "in literal " + literal + " (expecting '" + expected + "')";
        }
        return ++matched == literal.length() ? valueEnded() : "";
    }

    private String number(int b) {
        boolean digit = b >= '0' && b <= '9';
        return switch (at) {
            case MINUS -> b == '0' ? go(At.ZERO) : digit ? go(At.DIGITS) : NUMBER;
            case POINT -> digit ? go(At.FRACTION) : "after decimal point in numeric literal";
            case EXPONENT -> digit ? go(At.EXPONENT_DIGITS) : b == '+' || b == '-' ? go(At.EXPONENT_SIGN) : exponent();
            case EXPONENT_SIGN -> digit ? go(At.EXPONENT_DIGITS) : exponent();
            case DIGITS -> digit ? "" : afterInteger(b);
            case ZERO -> afterInteger(b);
            case FRACTION -> digit ? "" : b == 'e' || b == 'E' ? go(At.EXPONENT) : numberEnded(b);
            default -> digit ? "" : numberEnded(b);
        };
    }

    private static String exponent() {
        return "in exponent of numeric literal";
    }

    private String afterInteger(int b) {
        return b == '.' ? go(At.POINT) : b == 'e' || b == 'E' ? go(At.EXPONENT) : numberEnded(b);
    }

    private String numberEnded(int b) {
        valueEnded();
        return between(b);
    }
}
