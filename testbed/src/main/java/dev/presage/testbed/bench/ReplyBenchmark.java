package dev.presage.testbed.bench;

import dev.presage.router.observe.ReplyReader;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The events of a streamed reply go by: tokens counted, usage read. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReplyBenchmark {
    private static final int EVENTS = 9;

    private final List<ByteBuffer> events = EnvoyMessages.streamedReply().stream()
            .filter(ProcessingRequest::hasResponseBody)
            .map(message -> message.getResponseBody().getBody().asReadOnlyByteBuffer())
            .toList();

    /** Time per event. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public ReplyReader watch() {
        ReplyReader reader = ReplyReader.streamed();
        for (ByteBuffer event : events) {
            reader.read(event.duplicate());
        }
        return reader;
    }
}
