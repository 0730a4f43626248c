package dev.presage.testbed.bench;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A fleet of idle engines, one port each on loopback, all on one thread: the metrics pages that the router scrapes while it is
 * measured, and a short streamed reply to whatever is posted, at once. Nothing changes.
 */
final class EnginePages implements AutoCloseable {
    private static final int BUCKETS = 20;

    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1,
            Thread.ofPlatform().daemon().name("presage-bench-engines").factory(),
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    private final List<Integer> ports = new ArrayList<>();

    EnginePages(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            byte[] page = page(i).getBytes(StandardCharsets.US_ASCII);
            var bound = new ServerBootstrap()
                    .group(loop)
                    .channel(Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            channel.pipeline().addLast(new HttpServerCodec(), new Page(page));
                        }
                    })
                    .bind("127.0.0.1", 0)
                    .sync();
            ports.add(((InetSocketAddress) bound.channel().localAddress()).getPort());
        }
    }

    List<Integer> ports() {
        return List.copyOf(ports);
    }

    /** An endpoints file that names them, of the classes that the model knows. */
    String endpointsFile() {
        StringBuilder yaml = new StringBuilder("endpoints:\n");
        for (int i = 0; i < ports.size(); i++) {
            String kind = SyntheticSamples.CLASSES[i % SyntheticSamples.CLASSES.length];
            yaml.append("- {name: e" + i + ", address: 127.0.0.1, port: \"" + ports.get(i)
                    + "\", labels: {presage.dev/class: " + kind + "}}\n");
        }
        return yaml.toString();
    }

    /** Waiting, running and KV usage differ from engine to engine, within what the model was trained on. */
    private static String page(int engine) {
        StringBuilder page = new StringBuilder();
        family(page, "num_requests_running", "gauge", "", engine % 5);
        family(page, "num_requests_waiting", "gauge", "", engine % 3);
        family(page, "kv_cache_usage_perc", "gauge", "", 0.1 + 0.05 * (engine % 8));
        family(page, "cache_config_info", "gauge", ",block_size=\"16\",num_gpu_blocks=\"32768\"", 1);
        family(page, "lora_requests_info", "gauge", ",max_lora=\"0\",running_lora_adapters=\"\"", 1);
        for (String name : List.of("time_to_first_token_seconds", "time_per_output_token_seconds")) {
            page.append("# TYPE vllm:").append(name).append(" histogram\n");
            for (int bucket = 0; bucket < BUCKETS; bucket++) {
                sample(page, name + "_bucket", ",le=\"" + (1 << bucket) / 1e3 + "\"", bucket);
            }
        }
        return page.toString();
    }

    private static void family(StringBuilder page, String name, String type, String labels, double value) {
        page.append("# HELP vllm:").append(name).append(" An engine's signal.\n");
        page.append("# TYPE vllm:").append(name).append(' ').append(type).append('\n');
        sample(page, name, labels, value);
    }

    private static void sample(StringBuilder page, String name, String labels, double value) {
        page.append(
                String.format(Locale.ROOT, "vllm:%s{engine=\"0\",model_name=\"bench\"%s} %s%n", name, labels, value));
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Answers every request of a kept connection, GET with the page. */
    private static final class Page extends SimpleChannelInboundHandler<HttpObject> {
        private static final List<ByteString> EVENTS = EnvoyMessages.streamedReply().stream()
                .filter(ProcessingRequest::hasResponseBody)
                .map(event -> event.getResponseBody().getBody())
                .toList();

        private final byte[] page;
        private boolean posted;

        Page(byte[] page) {
            this.page = page;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (message instanceof HttpRequest request) {
                posted = request.method().equals(HttpMethod.POST);
            }
            if (!(message instanceof LastHttpContent)) {
                return;
            }
            if (posted) {
                stream(context);
            } else {
                var answer = new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(page));
                answer.headers()
                        .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4")
                        .setInt(HttpHeaderNames.CONTENT_LENGTH, page.length);
                context.writeAndFlush(answer);
            }
        }

        private static void stream(ChannelHandlerContext context) {
            var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            head.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
                    .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            context.write(head);
            for (ByteString event : EVENTS) {
                context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(event.asReadOnlyByteBuffer())));
            }
            context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }
}
