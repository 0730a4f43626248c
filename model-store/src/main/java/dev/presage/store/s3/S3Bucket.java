package dev.presage.store.s3;

import dev.presage.store.registry.ObjectBucket;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Objects below a prefix of an S3 bucket. It needs conditional writes (If-None-Match, If-Match) of the server, and list, get, put and delete of
 * its credentials, which come from where Amazon's tools look for them: {@code AWS_ACCESS_KEY_ID} and {@code AWS_SECRET_ACCESS_KEY}, a profile,
 * or the container's or the machine's role. A call ends within {@link S3Place#timeout}. Thread-safe.
 */
public final class S3Bucket implements ObjectBucket {
    private static final int PRECONDITION_FAILED = 412;
    private static final int NOT_FOUND = 404;

    private final S3Place place;
    private final S3Client client;

    private S3Bucket(S3Place place, S3Client client) {
        this.place = place;
        this.client = client;
    }

    /** Makes a client; nothing is asked of the server yet. */
    public static S3Bucket at(S3Place place) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(override -> override.apiCallTimeout(place.timeout()))
                // Servers other than Amazon's do not know the newer checksums; TLS and the bundle's digest guard the
                // bytes.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        place.endpoint()
                .ifPresent(endpoint ->
                        builder.endpointOverride(endpoint).forcePathStyle(true).region(Region.US_EAST_1));
        place.region().ifPresent(region -> builder.region(Region.of(region)));
        return new S3Bucket(place, builder.build());
    }

    @Override
    public Optional<Stored> get(String key, int most) throws IOException {
        GetObjectRequest request = GetObjectRequest.builder()
                .bucket(place.bucket())
                .key(place.prefix() + key)
                .build();
        try (ResponseInputStream<GetObjectResponse> in = client.getObject(request)) {
            return Optional.of(new Stored(in.readNBytes(most), in.response().eTag()));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw failure("get", key, e);
        } catch (SdkException e) {
            throw failure("get", key, e);
        }
    }

    @Override
    public Optional<String> create(String key, byte[] bytes) throws IOException {
        return put(key, bytes, request(key).ifNoneMatch("*").build());
    }

    @Override
    public Optional<String> replace(String key, byte[] bytes, String tag) throws IOException {
        return put(key, bytes, request(key).ifMatch(tag).build());
    }

    private PutObjectRequest.Builder request(String key) {
        return PutObjectRequest.builder().bucket(place.bucket()).key(place.prefix() + key);
    }

    private Optional<String> put(String key, byte[] bytes, PutObjectRequest request) throws IOException {
        try {
            return Optional.of(
                    client.putObject(request, RequestBody.fromBytes(bytes)).eTag());
        } catch (S3Exception e) {
            if (e.statusCode() == PRECONDITION_FAILED || e.statusCode() == NOT_FOUND && request.ifMatch() != null) {
                return Optional.empty();
            }
            throw failure("put", key, e);
        } catch (SdkException e) {
            throw failure("put", key, e);
        }
    }

    @Override
    public void delete(String key) throws IOException {
        try {
            client.deleteObject(request -> request.bucket(place.bucket()).key(place.prefix() + key));
        } catch (SdkException e) {
            throw failure("delete", key, e);
        }
    }

    @Override
    public List<Listed> list(String prefix) throws IOException {
        try {
            return client
                    .listObjectsV2Paginator(
                            request -> request.bucket(place.bucket()).prefix(place.prefix() + prefix))
                    .contents()
                    .stream()
                    .map(object -> new Listed(
                            object.key().substring(place.prefix().length()),
                            object.lastModified().toEpochMilli()))
                    .toList();
        } catch (SdkException e) {
            throw failure("list", prefix, e);
        }
    }

    private IOException failure(String what, String key, SdkException e) {
        return new IOException("S3 " + what + " " + this + "/" + key + ": " + e.getMessage(), e);
    }

    @Override
    public String toString() {
        return place.toString();
    }

    @Override
    public void close() {
        client.close();
    }
}
