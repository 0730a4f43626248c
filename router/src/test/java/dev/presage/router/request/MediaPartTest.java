package dev.presage.router.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MediaPartTest {
    @Test
    void aPictureBehindAnUrlHasTheDefaultSize() {
        assertEquals(225, tokens(url("image_url", "https://example.com/a.png")));
    }

    @Test
    void anInlinePictureTellsItsSize() {
        assertEquals(
                1024,
                tokens(inline(
                        "image/png", "89504e470d0a1a0a0000000d4948445200000400000004000802000000" + "00".repeat(20))));
        assertEquals(240, tokens(inline("image/gif", "474946383961" + "80028001" + "00".repeat(40))));
        String exif = "ffd8ffe1" + "0102" + "11".repeat(256) + "ffc2" + "0011080300040003";
        assertEquals(768, tokens(inline("image/jpeg", exif + "00".repeat(20))));
        String webp = "52494646000000005745425056503858" + "0a000000" + "10000000" + "ff0300" + "ff0100";
        assertEquals(512, tokens(inline("image/webp", webp + "00".repeat(10))));
        assertEquals(225, tokens(inline("image/png", "00".repeat(100))));
    }

    @Test
    void baseSixtyFourWithoutAnUrlTellsItToo() {
        String png = "89504e470d0a1a0a0000000d4948445200000400000004000802000000" + "00".repeat(20);
        String body =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\","
                        + "\"media_type\":\"image/png\",\"data\":\"" + base64(png) + "\"}}]}]}";
        InferenceRequest request = read("/v1/messages", body, Map.of());
        assertEquals(1024, request.promptTokens());
        assertEquals(1, request.mediaParts());
    }

    @Test
    void videosFollowTheHeaders() {
        String video = url("video_url", "https://example.com/v.mp4");
        assertEquals(2250, tokens(video));
        Map<String, String> headers = Map.of(
                "x-llm-d-video-resolution",
                "1024x1024",
                "x-llm-d-video-duration-seconds",
                "60",
                "x-llm-d-video-fps",
                "0.5");
        assertEquals(30 * 1024, read("/v1/chat/completions", video, headers).promptTokens());
    }

    @Test
    void aConfiguredEstimateCountsWhereTheClientSaysNothing() {
        MediaEstimate.Area fixed = new MediaEstimate.Area(1024, 100);
        MediaEstimate estimate = new MediaEstimate(
                new MediaEstimate.Area(784, 0),
                new MediaEstimate.Size(784, 10),
                new MediaEstimate.Video(
                        fixed, new MediaEstimate.Frames(0, 12, 24, 4, 32, 1), MediaEstimate.Size.DEFAULT, 10, 3000));
        assertEquals(10, estimate.ofPicture(0, 0));
        assertEquals(28, estimate.ofPicture(784, 28));
        assertEquals(2000, estimate.ofVideo(VideoHint.NONE), "24 frames a second, every twelfth of them");
        assertEquals(1000, estimate.ofVideo(new VideoHint(0, 0, 10, 12)));
        assertEquals(400, estimate.ofVideo(new VideoHint(0, 0, 1, 0)), "at least four");
        assertEquals(3000, estimate.ofVideo(new VideoHint(0, 0, 600, 0)), "no more than so many tokens");
        RequestFormats formats = new RequestFormats(List.of(RequestParser.OPENAI), estimate);
        RequestReader reader = formats.reader(RequestHead.of("/v1/chat/completions"));
        reader.feed(
                ByteBuffer.wrap(url("video_url", "https://example.com/v.mp4").getBytes(StandardCharsets.UTF_8)));
        InferenceRequest request = assertInstanceOf(Reading.Understood.class, reader.finish("id", "c", List.of()))
                .request();
        assertEquals(2000, request.promptTokens());
    }

    @Test
    void soundsFollowTheirLength() {
        String second = base64("00".repeat(32_000));
        String body =
                part("{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"" + second + "\",\"format\":\"wav\"}}");
        assertEquals(25, tokens(body));
        assertEquals(1, read("/v1/chat/completions", body, Map.of()).mediaParts());
    }

    @Test
    void differentPicturesShareNoPrefix() {
        long[] one = read("/v1/chat/completions", url("image_url", "https://example.com/1.png"), Map.of())
                .prefixBlocks();
        long[] same = read("/v1/chat/completions", url("image_url", "https://example.com/1.png"), Map.of())
                .prefixBlocks();
        long[] other = read("/v1/chat/completions", url("image_url", "https://example.com/2.png"), Map.of())
                .prefixBlocks();
        assertEquals(one[0], same[0]);
        assertNotEquals(one[0], other[0]);
    }

    private static String part(String json) {
        return "{\"model\":\"m\",\"messages\":[{\"role\":\"\",\"content\":[" + json + "]}]}";
    }

    private static String url(String kind, String url) {
        return part("{\"type\":\"" + kind + "\",\"" + kind + "\":{\"url\":\"" + url + "\",\"detail\":\"high\"}}");
    }

    private static String inline(String type, String hex) {
        return url("image_url", "data:" + type + ";base64," + base64(hex));
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    private static int tokens(String body) {
        return read("/v1/chat/completions", body, Map.of()).promptTokens();
    }

    private static InferenceRequest read(String path, String body, Map<String, String> headers) {
        RequestReader reader =
                RequestFormats.STANDARD.reader(RequestHead.of(path, name -> headers.getOrDefault(name, "")));
        reader.feed(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
        return assertInstanceOf(Reading.Understood.class, reader.finish("id", "c", List.of()))
                .request();
    }
}
