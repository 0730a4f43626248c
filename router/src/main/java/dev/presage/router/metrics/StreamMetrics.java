package dev.presage.router.metrics;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Measures ext_proc streams from outside: bodies, the router's own time, and how the streams end. */
final class StreamMetrics implements ServerInterceptor {
    private final LongSupplier nanoClock;
    private final Timer requestWork;
    private final Timer responseWork;
    private final AtomicInteger open = new AtomicInteger();
    private final Series<Status.Code, Counter> codes;
    private final boolean streams;
    private final Timer life;

    /** {@code streams} asks for the {@code extproc_} metrics too. */
    StreamMetrics(MeterRegistry registry, boolean streams, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.streams = streams;
        requestWork = RequestMetric.REQUEST_PROCESSING.timer(registry);
        responseWork = RequestMetric.RESPONSE_PROCESSING.timer(registry);
        codes = new Series<>(
                Status.Code.values().length,
                Status.Code.UNKNOWN,
                code -> RequestMetric.STREAMS.counter(registry, "code", goName(code)));
        if (streams) {
            RequestMetric.STREAMS_OPEN.gauge(registry, open::get);
            life = RequestMetric.STREAM_DURATION.timer(registry);
        } else {
            life = requestWork;
        }
    }

    /** Codes as the contract's language writes them: {@code OK}, {@code DeadlineExceeded}. */
    private static String goName(Status.Code code) {
        if (code == Status.Code.OK) {
            return "OK";
        }
        StringBuilder name = new StringBuilder();
        for (String word : code.name().split("_")) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        StreamMeter meter = new StreamMeter(nanoClock);
        open.incrementAndGet();
        AtomicBoolean ended = new AtomicBoolean();
        ServerCall<Q, A> watched = new SimpleForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
                super.close(status, trailers);
                end(ended, meter, status.getCode());
            }
        };
        ServerCall.Listener<Q> listener =
                Contexts.interceptCall(meter.within(Context.current()), watched, headers, next);
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onMessage(Q message) {
                long start = nanoClock.getAsLong();
                super.onMessage(message);
                if (message instanceof ProcessingRequest request) {
                    meter.handled(request, start);
                }
            }

            @Override
            public void onCancel() {
                super.onCancel();
                end(ended, meter, Status.Code.CANCELLED);
            }
        };
    }

    private void end(AtomicBoolean ended, StreamMeter meter, Status.Code code) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        open.decrementAndGet();
        meter.closed();
        requestWork.record(meter.requestWorkNanos(), TimeUnit.NANOSECONDS);
        if (meter.responseWorkNanos() >= 0) {
            responseWork.record(meter.responseWorkNanos(), TimeUnit.NANOSECONDS);
        }
        if (streams) {
            life.record(meter.openNanos(), TimeUnit.NANOSECONDS);
            codes.of(code).increment();
        }
    }
}
