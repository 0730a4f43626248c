package dev.presage.router.observe;

import dev.presage.router.body.FieldNames;
import dev.presage.router.body.JsonPath;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * What is counted in one JSON document of a reply. A token is a non-empty text anywhere under {@code delta}, the {@code text} or
 * {@code token_ids} of a choice, a {@code delta} that is itself a text, or SGLang's {@code text} beside {@code meta_info}.
 */
final class ReplyWalk extends JsonPath {
    private static final Set<String> TEXT = Set.of(
            "content", "text", "reasoning_content", "reasoning", "thinking", "refusal", "arguments", "partial_json");
    /** The last event of the APIs that have no {@code [DONE]}. */
    private static final Set<String> LAST =
            Set.of("message_stop", "response.completed", "response.incomplete", "response.failed");

    private static final int LONGEST_TYPE = 24;

    static final FieldNames NAMES = FieldNames.of((String.join(" ", TEXT) + " " + String.join(" ", UsageFields.NAMES)
                    + " delta choices usage meta_info token_ids type message response")
            .split(" "));

    private final UsageFields usage;
    private final byte[] type = new byte[LONGEST_TYPE];
    private int typeLength;
    private boolean inType;
    private boolean token;
    private boolean rootText;
    private boolean metaInfo;
    private boolean last;
    private boolean whole;

    ReplyWalk(UsageFields usage) {
        this.usage = usage;
    }

    /** Another document begins. */
    void begin() {
        restart();
        token = false;
        rootText = false;
        metaInfo = false;
        last = false;
        whole = false;
    }

    @Override
    public void structStart(boolean object) {
        metaInfo |= member().equals("meta_info");
        super.structStart(object);
    }

    @Override
    public void structEnd() {
        super.structEnd();
        whole = depth() == 0;
    }

    @Override
    public void stringStart() {
        inType = depth() == 1 && member().equals("type");
        typeLength = 0;
    }

    @Override
    public void text(byte[] utf8, int from, int to) {
        if (to == from) {
            return;
        }
        if (inType) {
            int some = Math.min(to - from, LONGEST_TYPE - typeLength);
            System.arraycopy(utf8, from, type, typeLength, some);
            typeLength += some;
        } else if (!token) {
            generated(member());
        }
    }

    private void generated(String name) {
        if (name.equals("delta")) {
            token = depth() == 1;
        } else if (TEXT.contains(name)) {
            boolean isText = name.equals("text");
            token = under("delta") || isText && under("choices");
            rootText |= isText && depth() == 1;
        }
    }

    @Override
    public void stringEnd() {
        if (inType) {
            last |= LAST.contains(new String(type, 0, typeLength, StandardCharsets.US_ASCII));
            inType = false;
        }
    }

    @Override
    public void number(double value) {
        String name = member();
        if (name.equals("token_ids")) {
            token |= under("choices");
        } else if (UsageFields.NAMES.contains(name) && (under("usage") || under("meta_info"))) {
            usage.number(name, value);
        }
    }

    @Override
    public void literal(String word) {}

    /** Whether the document has ended, whatever stands behind it. */
    boolean isWhole() {
        return whole;
    }

    /** Whether the document carries generated text. */
    boolean isToken() {
        return token || rootText && metaInfo;
    }

    /** Whether the document says that the reply is over. */
    boolean isLast() {
        return last;
    }
}
