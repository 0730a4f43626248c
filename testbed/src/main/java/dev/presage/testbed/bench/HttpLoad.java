package dev.presage.testbed.bench;

import com.google.protobuf.ByteString;
import dev.presage.testbed.gateway.Gateway;
import dev.presage.testbed.gateway.GatewayException;
import dev.presage.testbed.gateway.Gateways;
import dev.presage.testbed.gateway.Lane;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/**
 * A gateway's clients: each keeps one connection and one request under way. Latency runs from the request's start until the first
 * bytes of the reply's body.
 */
final class HttpLoad implements LoadClient {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int OK = 200;

    private static final String LANE = "bench";

    private final Gateway gateway;
    private final URI url;
    private final List<Integer> destinations;
    private final LongSupplier nanoClock;
    private final RandomGenerator random;
    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, Thread.ofPlatform().daemon().name("presage-bench-clients").factory(), NioIoHandler.newFactory());

    private HttpLoad(Gateway gateway, List<Integer> destinations, LongSupplier nanoClock, RandomGenerator random) {
        this.gateway = gateway;
        this.url = gateway.baseUrl(LANE);
        this.destinations = List.copyOf(destinations);
        this.nanoClock = nanoClock;
        this.random = random;
    }

    /**
     * Through an Envoy of its own.
     *
     * @param processorPort of the external processor that it asks, 0 for none
     * @param destinations ports that the clients name in turn where nobody decides for them
     */
    static HttpLoad throughEnvoy(
            int processorPort, boolean tls, List<Integer> destinations, LongSupplier nanoClock, RandomGenerator random)
            throws IOException {
        try {
            Gateway gateway = Gateways.open(List.of(new Lane(LANE, processorPort)), null, false, tls);
            if (!gateway.description().startsWith("Envoy")) {
                gateway.close();
                throw new IOException("no Envoy on this machine");
            }
            return new HttpLoad(gateway, destinations, nanoClock, random);
        } catch (GatewayException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public LoadCount run(int bodyBytes, LoadShape shape, Duration window) throws InterruptedException {
        if (!(shape instanceof LoadShape.Closed(int concurrency))) {
            throw new IllegalArgumentException("through Envoy the load is a closed loop, not " + shape.label());
        }
        Prompts prompts = new Prompts(bodyBytes, true, random.nextLong());
        Histogram latency = new SynchronizedHistogram(
                LoadCount.MAX_NANOS, LoadCount.histogram().getNumberOfSignificantValueDigits());
        AtomicLong errors = new AtomicLong();
        CountDownLatch done = new CountDownLatch(concurrency);
        long start = nanoClock.getAsLong();
        long deadline = start + window.toNanos();
        for (int i = 0; i < concurrency; i++) {
            new Bootstrap()
                    .group(loop)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            channel.pipeline()
                                    .addLast(
                                            new HttpClientCodec(),
                                            new Client(prompts, latency, errors, done, deadline));
                        }
                    })
                    .connect(url.getHost(), url.getPort())
                    .sync();
        }
        if (!done.await(window.plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException(done.getCount() + " requests did not end within " + PATIENCE);
        }
        return new LoadCount(latency, errors.get(), (nanoClock.getAsLong() - start) / 1e9);
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        gateway.close();
    }

    /** One connection; ends with the window or with the first failure. */
    private final class Client extends SimpleChannelInboundHandler<HttpObject> {
        private final Prompts prompts;
        private final Histogram latency;
        private final AtomicLong errors;
        private final CountDownLatch done;
        private final long deadline;
        private int turn;
        private long sentNanos;
        private boolean waiting;
        private boolean ended;

        Client(Prompts prompts, Histogram latency, AtomicLong errors, CountDownLatch done, long deadline) {
            this.prompts = prompts;
            this.latency = latency;
            this.errors = errors;
            this.done = done;
            this.deadline = deadline;
            this.turn = random.nextInt(1 << 16);
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            next(context);
        }

        private void next(ChannelHandlerContext context) {
            if (nanoClock.getAsLong() >= deadline) {
                end(context);
                return;
            }
            ByteBuf body = Unpooled.wrappedBuffer(prompts.next().stream()
                    .map(ByteString::asReadOnlyByteBuffer)
                    .map(Unpooled::wrappedBuffer)
                    .toArray(ByteBuf[]::new));
            var request =
                    new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/v1/chat/completions", body);
            request.headers()
                    .set(HttpHeaderNames.HOST, "bench.example")
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
            if (!destinations.isEmpty()) {
                int port = destinations.get(turn++ % destinations.size());
                request.headers().set(DecisionCall.DESTINATION, "127.0.0.1:" + port);
            }
            waiting = true;
            sentNanos = nanoClock.getAsLong();
            context.writeAndFlush(request);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (message instanceof HttpResponse response && response.status().code() != OK) {
                fail(context);
            } else if (message instanceof HttpContent content) {
                if (waiting && content.content().isReadable()) {
                    waiting = false;
                    latency.recordValue(Math.min(nanoClock.getAsLong() - sentNanos, LoadCount.MAX_NANOS));
                }
                if (message instanceof LastHttpContent) {
                    next(context);
                }
            }
        }

        private void fail(ChannelHandlerContext context) {
            if (!ended) {
                errors.incrementAndGet();
            }
            end(context);
        }

        private void end(ChannelHandlerContext context) {
            if (!ended) {
                ended = true;
                done.countDown();
                context.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            fail(context);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            fail(context);
        }
    }
}
