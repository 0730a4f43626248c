package dev.presage.router.trace;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapPropagator;

/**
 * One {@code gateway.request} span per ext_proc stream, current while the stream's messages are handled. Of a request that is not
 * sampled only the context is carried on, so that the engine does not sample it either.
 */
final class StreamSpans implements ServerInterceptor {
    private final Tracer tracer;
    private final TextMapPropagator propagator;

    StreamSpans(Tracer tracer, TextMapPropagator propagator) {
        this.tracer = tracer;
        this.propagator = propagator;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        StreamTrace trace = new StreamTrace();
        ServerCall<Q, A> answering = new SimpleForwardingServerCall<>(call) {
            @Override
            public void sendMessage(A message) {
                super.sendMessage(trace.answered(message));
            }

            @Override
            public void close(Status status, Metadata trailers) {
                super.close(status, trailers);
                trace.end(status);
            }
        };
        return new SimpleForwardingServerCallListener<>(next.startCall(answering, headers)) {
            @Override
            public void onMessage(Q message) {
                trace.asked(message);
                try (Scope current = trace.context.makeCurrent()) {
                    super.onMessage(message);
                }
            }

            @Override
            public void onHalfClose() {
                try (Scope current = trace.context.makeCurrent()) {
                    super.onHalfClose();
                }
            }

            @Override
            public void onCancel() {
                try (Scope current = trace.context.makeCurrent()) {
                    super.onCancel();
                }
                trace.end(Status.CANCELLED);
            }
        };
    }

    /** The span of one stream. Used by its event loop. */
    private final class StreamTrace {
        private Context context = Context.root();

        private Span span() {
            return Span.fromContext(context);
        }

        void asked(Object message) {
            if (message instanceof ProcessingRequest request && request.hasRequestHeaders()) {
                Context parent = propagator.extract(
                        Context.root(), request.getRequestHeaders().getHeaders(), HeaderContext.READ);
                Span span = tracer.spanBuilder("gateway.request")
                        .setParent(parent)
                        .setSpanKind(SpanKind.SERVER)
                        .startSpan();
                context = span.isRecording() ? parent.with(span).with(StepLog.KEY, new StepLog()) : parent.with(span);
            }
        }

        @SuppressWarnings("unchecked") // what comes back is of the message's own type
        <A> A answered(A message) {
            if (message instanceof ProcessingResponse response) {
                if (response.hasImmediateResponse()) {
                    int status = response.getImmediateResponse().getStatus().getCodeValue();
                    span().setAttribute("http.response.status_code", status);
                    span().setStatus(StatusCode.ERROR, "refused");
                }
                return (A) HeaderContext.carried(response, context, propagator);
            }
            return message;
        }

        void end(Status status) {
            if (!status.isOk()) {
                span().setStatus(StatusCode.ERROR, status.getCode().name());
            }
            span().end();
        }
    }
}
