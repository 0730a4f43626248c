package dev.presage.store.s3;

import dev.presage.store.PythonTool;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server that speaks S3 (moto), with the bucket {@value #BUCKET}. */
public record MotoServer(PythonTool.Server server) implements AutoCloseable {
    public static final String BUCKET = "presage";

    /** What the SDK wants to have; the server takes any. */
    public static final Map<String, String> CREDENTIALS =
            Map.of("AWS_ACCESS_KEY_ID", "test", "AWS_SECRET_ACCESS_KEY", "test", "AWS_REGION", "us-east-1");

    public static MotoServer start(Path directory) throws Exception {
        CREDENTIALS.forEach((name, value) -> {
            switch (name) {
                case "AWS_ACCESS_KEY_ID" -> System.setProperty("aws.accessKeyId", value);
                case "AWS_SECRET_ACCESS_KEY" -> System.setProperty("aws.secretAccessKey", value);
                default -> System.setProperty("aws.region", value);
            }
        });
        int port = PythonTool.freePort();
        MotoServer moto = new MotoServer(PythonTool.serve(
                "moto_server",
                List.of("-H", "127.0.0.1", "-p", Integer.toString(port)),
                Map.of(),
                port,
                directory.resolve("moto.log")));
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest create = HttpRequest.newBuilder(moto.endpoint().resolve("/" + BUCKET))
                    .PUT(HttpRequest.BodyPublishers.noBody())
                    .build();
            int status =
                    http.send(create, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status != 200) {
                throw new IllegalStateException("no bucket: " + status);
            }
        }
        return moto;
    }

    public URI endpoint() {
        return server.base();
    }

    S3Bucket bucket(String prefix) {
        return S3Bucket.at(S3Place.of(BUCKET + "/" + prefix, Optional.of(endpoint()), Optional.empty()));
    }

    @Override
    public void close() throws InterruptedException {
        server.close();
    }
}
