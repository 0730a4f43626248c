package dev.presage.router.config;

import dev.presage.router.plugin.Plugin;
import dev.presage.router.request.MediaEstimate;
import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.util.Optional;

/** Reads the parameter {@code estimate} of a token producer. */
final class MediaEstimateReader {
    private static final double MAX = 1e9;
    private static final String DYNAMIC = "dynamic";
    private static final String STATIC = "static";

    private MediaEstimateReader() {}

    /** A token producer that is configured. */
    record Configured(MediaEstimate media) implements Plugin {}

    static MediaEstimate read(YamlNode node) {
        YamlMapping fields = node.mapping();
        MediaEstimate base = MediaEstimate.DEFAULT;
        Optional<YamlMapping> picture = fields.optional("image").map(YamlNode::mapping);
        MediaEstimate.Area area =
                picture.map(image -> area(image, "staticToken")).orElse(base.picture());
        MediaEstimate.Size size = picture.flatMap(image -> image.optional("defaultResolution"))
                .map(MediaEstimateReader::size)
                .orElse(base.pictureSize());
        picture.ifPresent(YamlMapping::finish);
        MediaEstimate.Video video =
                fields.optional("video").map(MediaEstimateReader::video).orElse(base.video());
        fields.finish();
        return new MediaEstimate(area, size, video);
    }

    private static MediaEstimate.Video video(YamlNode node) {
        YamlMapping fields = node.mapping();
        MediaEstimate.Video base = MediaEstimate.DEFAULT.video();
        MediaEstimate.Area frame = fields.optional("tokensPerFrame")
                .map(YamlNode::mapping)
                .map(perFrame -> {
                    MediaEstimate.Area area = area(perFrame, "numTokensPerFrame");
                    perFrame.finish();
                    return area;
                })
                .orElse(base.frame());
        MediaEstimate.Video video = new MediaEstimate.Video(
                frame,
                fields.optional("frames").map(MediaEstimateReader::frames).orElse(base.frames()),
                fields.optional("defaultResolution")
                        .map(MediaEstimateReader::size)
                        .orElse(base.size()),
                number(fields, "defaultDuration", 1e-3, base.seconds()),
                integer(fields, "maxVideoTokens", 0, 0));
        fields.finish();
        return video;
    }

    private static MediaEstimate.Frames frames(YamlNode node) {
        YamlMapping fields = node.mapping();
        MediaEstimate.Frames base = MediaEstimate.Frames.SAMPLED;
        boolean strided = word(fields, "sampled", "strided").equals("strided");
        Optional<YamlMapping> sampled = fields.optional("sampled").map(YamlNode::mapping);
        Optional<YamlMapping> every = fields.optional("strided").map(YamlNode::mapping);
        double fps = sampled.map(given -> number(given, "sampleFPS", 1e-6, base.sampledFps()))
                .orElse(base.sampledFps());
        int merged =
                sampled.map(given -> integer(given, "temporalPatchSize", 0, 1)).orElse(1);
        double stride = every.map(given -> number(given, "frameStride", 1, base.stride()))
                .orElse(base.stride());
        double source = every.map(given -> number(given, "defaultSourceFPS", 1e-6, base.sourceFps()))
                .orElse(base.sourceFps());
        sampled.ifPresent(YamlMapping::finish);
        every.ifPresent(YamlMapping::finish);
        int least = integer(fields, "minFrames", 0, 0);
        int most = integer(fields, "maxFrames", 0, 0);
        fields.finish();
        return new MediaEstimate.Frames(
                strided ? 0 : fps, stride, source, least, most, strided ? 1 : Math.max(1, merged));
    }

    /** By {@code mode}: {@code dynamic.factor} pixels a token, or {@code static} tokens whatever the size. */
    private static MediaEstimate.Area area(YamlMapping fields, String fixed) {
        boolean isFixed = word(fields, DYNAMIC, STATIC).equals(STATIC);
        double pixels = fields.optional(DYNAMIC)
                .map(YamlNode::mapping)
                .map(given -> {
                    double factor = number(given, "factor", 1, MediaEstimate.Area.BY_PIXELS.pixels());
                    given.finish();
                    return factor;
                })
                .orElse(MediaEstimate.Area.BY_PIXELS.pixels());
        Optional<YamlNode> constant = isFixed ? Optional.of(fields.required(STATIC)) : fields.optional(STATIC);
        int tokens = constant.map(YamlNode::mapping)
                .map(given -> {
                    int count = (int) given.required(fixed).integer(1, (long) MAX);
                    given.finish();
                    return count;
                })
                .orElse(0);
        return new MediaEstimate.Area(pixels, isFixed ? tokens : 0);
    }

    private static MediaEstimate.Size size(YamlNode node) {
        YamlMapping fields = node.mapping();
        MediaEstimate.Size size =
                new MediaEstimate.Size((int) fields.required("width").integer(1, 1 << 14), (int)
                        fields.required("height").integer(1, 1 << 14));
        fields.finish();
        return size;
    }

    private static String word(YamlMapping fields, String otherwise, String other) {
        Optional<YamlNode> mode = fields.optional("mode");
        return mode.map(node -> node.choice(otherwise, other)).orElse(otherwise);
    }

    private static double number(YamlMapping fields, String name, double least, double otherwise) {
        return fields.optional(name).map(node -> node.number(least, MAX)).orElse(otherwise);
    }

    private static int integer(YamlMapping fields, String name, int least, int otherwise) {
        return fields.optional(name)
                .map(node -> (int) node.integer(least, (long) MAX))
                .orElse(otherwise);
    }
}
