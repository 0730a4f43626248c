package dev.presage.testbed.bench;

import com.google.protobuf.ByteString;
import dev.presage.router.request.Reading;
import dev.presage.router.request.RequestReader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A chat request, cut as Envoy cuts it, becomes an inference request: parsing, length estimate and block hashes in one pass. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init")
public class RequestBenchmark {
    private static final int BODIES = 64;

    @Param({"1024", "16384", "65536", "262144"})
    public int bytes;

    private ByteBuffer[][] bodies;
    private int turn;

    @Setup
    public void prepare() {
        Prompts prompts = new Prompts(bytes, true, 1);
        bodies = new ByteBuffer[BODIES][];
        for (int i = 0; i < BODIES; i++) {
            bodies[i] = prompts.next().stream()
                    .map(ByteString::asReadOnlyByteBuffer)
                    .toArray(ByteBuffer[]::new);
        }
    }

    /** Time per request. */
    @Benchmark
    public Reading read() {
        RequestReader reader = RequestReader.ofPath("/v1/chat/completions");
        for (ByteBuffer chunk : bodies[turn++ & (BODIES - 1)]) {
            reader.feed(chunk.duplicate());
        }
        return reader.finish("id", "", List.of());
    }
}
