package dev.presage.router.body;

/** Finds the end of a gzip member's header (RFC 1952) byte by byte. */
final class GzipHeader {
    private static final int FIXED = 10;
    private static final int FLAG_CHECKSUM = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private enum At {
        FIXED,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        CHECKSUM,
        DONE
    }

    private At at = At.FIXED;
    private int count;
    private int flags;
    private int extra;

    void begin() {
        at = At.FIXED;
        count = 0;
    }

    boolean complete() {
        return at == At.DONE;
    }

    /** Whether {@code b} can come next; if so, it is taken. */
    boolean takes(int b) {
        switch (at) {
            case FIXED -> {
                return fixed(b);
            }
            case EXTRA_LENGTH -> {
                extra |= b << 8 * count;
                if (++count == 2) {
                    go(extra > 0 ? At.EXTRA : afterExtra());
                }
            }
            case EXTRA -> {
                if (++count == extra) {
                    go(afterExtra());
                }
            }
            case NAME -> {
                if (b == 0) {
                    go(afterName());
                }
            }
            case COMMENT -> {
                if (b == 0) {
                    go(afterComment());
                }
            }
            case CHECKSUM -> {
                if (++count == 2) {
                    go(At.DONE);
                }
            }
            case DONE -> {
                return false;
            }
        }
        return true;
    }

    private boolean fixed(int b) {
        boolean right =
                switch (count) {
                    case 0 -> b == 0x1F;
                    case 1 -> b == 0x8B;
                    case 2 -> b == 8;
                    case 3 -> (b & RESERVED) == 0;
                    default -> true;
                };
        if (count == 3) {
            flags = b;
        }
        if (++count == FIXED) {
            go(has(FLAG_EXTRA) ? At.EXTRA_LENGTH : afterExtra());
        }
        return right;
    }

    private At afterExtra() {
        return has(FLAG_NAME) ? At.NAME : afterName();
    }

    private At afterName() {
        return has(FLAG_COMMENT) ? At.COMMENT : afterComment();
    }

    private At afterComment() {
        return has(FLAG_CHECKSUM) ? At.CHECKSUM : At.DONE;
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    private void go(At next) {
        at = next;
        count = 0;
        if (next == At.EXTRA_LENGTH) {
            extra = 0;
        }
    }
}
