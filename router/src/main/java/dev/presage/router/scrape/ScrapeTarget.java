package dev.presage.router.scrape;

import dev.presage.router.fleet.Endpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One page of one endpoint, asked for again and again: a connection that is kept, one request at a time. After a failure the next
 * tries wait up to a second, so that a dead endpoint costs little. Confined to the scraper's event loop.
 */
final class ScrapeTarget {
    static final int MAX_PAGE_BYTES = 4 << 20;
    private static final long MAX_BACKOFF_NANOS = 1_000_000_000;
    private static final int OK = 200;

    private final Scraper scraper;
    private final Endpoint endpoint;
    private final PageSource source;
    private final InetSocketAddress address;
    private final PageReading reading;
    private @Nullable Future<?> ticks;
    private @Nullable Channel channel;
    private boolean underway;
    private boolean closed;
    private boolean reached;
    private boolean reconnected;
    private long startedNanos;
    private long notBeforeNanos;
    private int failures;

    ScrapeTarget(Scraper scraper, Endpoint endpoint, PageSource source) {
        this.scraper = scraper;
        this.endpoint = endpoint;
        this.source = source;
        this.address = new InetSocketAddress(endpoint.host(), source.port(endpoint));
        this.reading = source.reading(endpoint);
        notBeforeNanos = scraper.nanos();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    PageSource source() {
        return source;
    }

    void start(Future<?> scheduled) {
        ticks = scheduled;
    }

    void tick() {
        long now = scraper.nanos();
        if (closed || now - notBeforeNanos < 0) {
            return;
        }
        if (underway) {
            if (now - startedNanos > source.timeout().toNanos()) {
                fail(ScrapeFailure.TIMEOUT);
            }
            return;
        }
        underway = true;
        reconnected = false;
        startedNanos = now;
        Channel open = channel;
        if (open == null) {
            connect();
        } else if (open.isActive()) {
            send(open);
        }
    }

    private void connect() {
        Bootstrap bootstrap = scraper.bootstrap().clone().handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel created) {
                SslContext tls = source.tls();
                if (tls != null) {
                    created.pipeline()
                            .addLast(tls.newHandler(created.alloc(), address.getHostString(), address.getPort()));
                }
                created.pipeline().addLast(new HttpClientCodec(), new Replies());
            }
        });
        var connecting = bootstrap.connect(address);
        Channel attempt = connecting.channel();
        channel = attempt;
        connecting.addListener(done -> {
            if (channel != attempt) {
                attempt.close();
            } else if (!done.isSuccess()) {
                fail(ScrapeFailure.CONNECT);
            } else if (underway) {
                send(attempt);
            }
        });
    }

    private void send(Channel open) {
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, source.path());
        request.headers()
                .set(HttpHeaderNames.HOST, endpoint.host() + ":" + address.getPort())
                .set(HttpHeaderNames.ACCEPT, source.accept());
        reading.begin();
        open.writeAndFlush(request, open.voidPromise());
    }

    private void fail(ScrapeFailure why) {
        drop();
        underway = false;
        failures = Math.min(failures + 1, 16);
        long backoff = Math.min(MAX_BACKOFF_NANOS, source.interval().toNanos() << Math.min(failures - 1, 10));
        notBeforeNanos = scraper.nanos() + (failures == 1 ? 0 : backoff);
        reading.failed(why, reached && address.getPort() == endpoint.port());
    }

    /**
     * The kept connection ended. A process that died is known by that at once, so a new connection is tried without waiting for
     * the next tick; but only once until then.
     */
    private void lost() {
        if (underway) {
            fail(ScrapeFailure.BROKEN);
        } else {
            channel = null;
        }
        if (!closed && !reconnected && scraper.nanos() - notBeforeNanos >= 0) {
            reconnected = true;
            connect();
        }
    }

    private void drop() {
        Channel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    void close() {
        closed = true;
        if (ticks != null) {
            ticks.cancel(false);
        }
        drop();
    }

    private void complete(boolean keepAlive) {
        Optional<ScrapeFailure> unusable = reading.end(scraper.nanos() - startedNanos);
        if (unusable.isPresent()) {
            fail(unusable.get());
            return;
        }
        underway = false;
        failures = 0;
        reached = true;
        if (!keepAlive) {
            drop();
        }
    }

    /** The replies of one connection. */
    private final class Replies extends SimpleChannelInboundHandler<HttpObject> {
        private boolean keepAlive;
        private long received;

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (context.channel() != channel || !underway) {
                context.close();
                return;
            }
            if (message.decoderResult().isFailure()) {
                fail(ScrapeFailure.BROKEN);
                return;
            }
            if (message instanceof HttpResponse response) {
                received = 0;
                keepAlive = HttpUtil.isKeepAlive(response);
                if (response.status().code() != OK) {
                    fail(ScrapeFailure.STATUS);
                    return;
                }
            }
            if (message instanceof HttpContent content
                    && take(content.content())
                    && message instanceof LastHttpContent) {
                complete(keepAlive);
            }
        }

        private boolean take(ByteBuf bytes) {
            received += bytes.readableBytes();
            if (received > MAX_PAGE_BYTES) {
                fail(ScrapeFailure.TOO_LARGE);
                return false;
            }
            byte[] scratch = scraper.scratch();
            while (bytes.isReadable()) {
                int length = Math.min(scratch.length, bytes.readableBytes());
                bytes.readBytes(scratch, 0, length);
                reading.feed(scratch, 0, length);
            }
            return true;
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (context.channel() == channel) {
                lost();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (context.channel() == channel && underway) {
                lost();
            } else {
                context.close();
            }
        }
    }
}
