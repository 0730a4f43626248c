package dev.presage.testbed.trace;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Reads a trace, plain or gzipped, into memory. A bad line is a {@link TraceFormatException}, an unreadable file an
 * {@link UncheckedIOException}.
 */
public final class Trace {
    private static final String RESOURCES = "/dev/presage/testbed/data/";
    private static final int GZIP_MAGIC = 0x1f8b;

    private Trace() {}

    /** The bundled hour of chat traffic with prefix ids: 12,031 requests. */
    public static List<TraceRequest> mooncakeConversation() {
        return read(resource("mooncake-conversation.jsonl.gz"), "mooncake-conversation.jsonl.gz", new MooncakeLine());
    }

    /** The bundled chat traffic without prefix information: 19,366 requests. */
    public static List<TraceRequest> azureConversation() {
        return read(resource("azure-2023-conversation.csv.gz"), "azure-2023-conversation.csv.gz", new AzureLine());
    }

    /** A trace in Mooncake's JSON lines. */
    public static List<TraceRequest> mooncake(Path file) {
        return read(open(file), file.toString(), new MooncakeLine());
    }

    /** A trace in the CSV form of the Azure traces. */
    public static List<TraceRequest> azure(Path file) {
        return read(open(file), file.toString(), new AzureLine());
    }

    private static List<TraceRequest> read(InputStream file, String source, LineParser parser) {
        List<TraceRequest> requests = new ArrayList<>();
        try (InputStream in = plain(file);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            long number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank() && !(number == 1 && line.strip().equals(AzureLine.HEADER))) {
                    requests.add(parse(line, requests.size(), source, number, parser));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read trace " + source, e);
        }
        return List.copyOf(requests);
    }

    private static TraceRequest parse(String line, int position, String source, long number, LineParser parser) {
        try {
            return parser.parse(line, position);
        } catch (LineParser.FieldException e) {
            throw new TraceFormatException(source, number, e.field(), String.valueOf(e.getMessage()));
        }
    }

    private static InputStream open(Path file) {
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open trace " + file, e);
        }
    }

    private static InputStream resource(String name) {
        InputStream in = Trace.class.getResourceAsStream(RESOURCES + name);
        if (in == null) {
            throw new UncheckedIOException(new FileNotFoundException("resource " + RESOURCES + name + " is missing"));
        }
        return in;
    }

    private static InputStream plain(InputStream file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(file);
        in.mark(2);
        int magic = in.read() << 8 | in.read();
        in.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(in, 1 << 16) : in;
    }
}
