package dev.presage.router.request;

import dev.presage.router.body.FieldNames;
import dev.presage.router.body.JsonPath;
import dev.presage.router.body.JsonScanner;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is gathered from one JSON body. Top-level members give model and bounds; the prompt member's text goes to one digest and
 * what engines put in front of it (tools, system prompt, instructions) to another. Text is digested in document order, so two
 * requests that repeat the same turns repeat the same bytes.
 */
final class BodyWalk extends JsonPath {
    private enum Section {
        NONE,
        HEAD,
        PROMPT,
        SAMPLING
    }

    /** Where the text of the current string goes. */
    private enum Sink {
        NONE,
        MODEL,
        SALT,
        HEAD,
        PROMPT,
        MEDIA
    }

    private static final Set<String> HEAD_FIELDS = Set.of("tools", "system", "instructions", "functions");
    /** Members of a turn that say how it is, not what it says. */
    private static final Set<String> NOT_TEXT = Set.of(
            "type", "id", "tool_call_id", "tool_use_id", "call_id", "status", "detail", "ttl", "media_type", "format");

    private static final Set<String> MEDIA =
            Set.of("url", "image_url", "video_url", "audio_url", "data", "file_data", "file_id", "file_url");

    static final FieldNames NAMES =
            FieldNames.of((String.join(" ", HEAD_FIELDS) + " " + String.join(" ", NOT_TEXT) + " "
                            + String.join(" ", MEDIA) + " model cache_salt stream sampling_params max_completion_tokens"
                            + " max_output_tokens max_tokens max_new_tokens input_audio source messages prompt input items token_ids"
                            + " input_ids")
                    .split(" "));

    private final BodyShape shape;
    private final MediaTokens estimate;
    private final PromptFacts facts = new PromptFacts();
    private final CapturedText captured = new CapturedText();
    private @Nullable JsonScanner scanner;
    private char root;
    private Section section = Section.NONE;
    private Sink sink = Sink.NONE;
    private @Nullable MediaPart media;
    private long valueFrom;
    private boolean promptSeen;

    BodyWalk(BodyShape shape, MediaTokens estimate) {
        this.shape = shape;
        this.estimate = estimate;
    }

    /** The scanner that tells it; asked for places. */
    void watch(JsonScanner reading) {
        scanner = reading;
    }

    @Override
    public void structStart(boolean object) {
        if (depth() == 0) {
            root = object ? '{' : '[';
        } else if (depth() == 1) {
            section = sectionOf(member());
            if (section == Section.PROMPT && object && shape.promptIsList()) {
                section = Section.NONE;
            }
            forget(member());
        } else {
            promptSeen |= section == Section.PROMPT;
        }
        super.structStart(object);
    }

    @Override
    public void structEnd() {
        super.structEnd();
        if (depth() <= 1) {
            section = Section.NONE;
        }
    }

    private Section sectionOf(String name) {
        if (name.isEmpty()) {
            return Section.NONE;
        }
        if (shape.promptFields.contains(name)) {
            return Section.PROMPT;
        }
        if (HEAD_FIELDS.contains(name)) {
            return Section.HEAD;
        }
        return name.equals("sampling_params") ? Section.SAMPLING : Section.NONE;
    }

    /** The last member of a name counts, also when it is of a type that says nothing. */
    private void forget(String name) {
        switch (name) {
            case "model" -> facts.model("", ByteSpan.NONE);
            case "cache_salt" -> facts.salt("");
            case "stream" -> facts.stream(false);
            default -> {}
        }
    }

    @Override
    public void nameText(byte[] utf8, int from, int to) {
        if (section == Section.HEAD) {
            facts.head().text(utf8, from, to);
        }
    }

    @Override
    public void stringStart() {
        scalarStart('"');
        valueFrom = scanner == null ? 0 : scanner.position() - 1;
        sink = sinkOf(member());
        captured.clear();
        if (sink == Sink.MEDIA) {
            media = MediaPart.of(member(), above(1), estimate);
        }
    }

    private Sink sinkOf(String name) {
        if (section == Section.HEAD) {
            return Sink.HEAD;
        }
        if (section == Section.PROMPT) {
            return depth() > 1 && MEDIA.contains(name) ? Sink.MEDIA : NOT_TEXT.contains(name) ? Sink.NONE : Sink.PROMPT;
        }
        if (depth() != 1) {
            return Sink.NONE;
        }
        return name.equals("model") ? Sink.MODEL : name.equals("cache_salt") ? Sink.SALT : Sink.NONE;
    }

    @Override
    public void text(byte[] utf8, int from, int to) {
        switch (sink) {
            case NONE -> {}
            case MODEL, SALT -> captured.text(utf8, from, to);
            case HEAD -> facts.head().text(utf8, from, to);
            case PROMPT -> facts.prompt().text(utf8, from, to);
            case MEDIA -> {
                if (media != null) {
                    media.text(utf8, from, to);
                }
            }
        }
    }

    @Override
    public void stringEnd() {
        switch (sink) {
            case NONE, HEAD, PROMPT -> {}
            case MODEL ->
                facts.model(
                        captured.value(), new ByteSpan(valueFrom, scanner == null ? valueFrom : scanner.position()));
            case SALT -> facts.salt(captured.value());
            case MEDIA -> {
                if (media != null) {
                    facts.media(media);
                    media = null;
                }
            }
        }
        scalarEnd(true);
    }

    @Override
    public void number(double value) {
        scalarStart('0');
        if (section == Section.PROMPT && shape.promptFields.contains(member())) {
            facts.prompt().tokenId((int) (long) value);
        } else if (section == Section.HEAD) {
            facts.head().tokenId(Double.hashCode(value));
        } else if (depth() == 1 || section == Section.SAMPLING && depth() == 2) {
            facts.bound(shape, member(), value);
        }
        scalarEnd(true);
    }

    @Override
    public void literal(String word) {
        scalarStart(word.charAt(0));
        if (depth() == 1 && member().equals("stream")) {
            facts.stream(word.equals("true"));
        } else if (section == Section.HEAD) {
            byte[] ascii = word.getBytes(StandardCharsets.US_ASCII);
            facts.head().text(ascii, 0, ascii.length);
        }
        scalarEnd(!word.equals("null"));
    }

    private void scalarStart(char kind) {
        if (depth() == 0) {
            root = kind;
        } else if (depth() == 1) {
            section = sectionOf(member());
            forget(member());
        }
    }

    private void scalarEnd(boolean saysSomething) {
        if (section == Section.PROMPT) {
            promptSeen |= depth() > 1 || saysSomething && !shape.promptIsList();
        }
        if (depth() <= 1) {
            section = Section.NONE;
        }
    }

    /** JSON null counts: it is an object without members to the contract. */
    boolean rootIsObject() {
        return root == '{' || root == 'n';
    }

    String rootType() {
        return switch (root) {
            case '[' -> "array";
            case '"' -> "string";
            case 't', 'f' -> "bool";
            default -> "number";
        };
    }

    boolean hasPrompt() {
        return promptSeen;
    }

    PromptFacts facts() {
        return facts;
    }
}
