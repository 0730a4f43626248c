package dev.presage.router.plugin.session;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.PluginType;
import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The plugin types of session affinity that a configuration may name. */
public final class Sessions {
    private static final String TOKEN = "encoded_endpoint_header";
    private static final String ID = "session_id";
    /** What the strategy by session id was called before. */
    private static final String OLD_ID = "session_id_header";

    private static final String TOKEN_HEADER = "x-session-token";
    private static final String ID_HEADER = "x-session-id";
    private static final double IDLE_SECONDS = 300;
    private static final double MAX_IDLE_SECONDS = 7 * 86_400;

    private Sessions() {}

    public static Stream<PluginType> types() {
        return Stream.of(
                PluginType.alpha("session-affinity-filter", given -> new SessionFilter(read(given))),
                PluginType.alpha("session-affinity-scorer", given -> new SessionScorer(read(given))));
    }

    private static Affinity read(Parameters given) {
        String strategy = given.choice("strategy", TOKEN, TOKEN, ID, OLD_ID);
        Affinity.Leg leg =
                given.text("profileName", "").equals("prefill") ? Affinity.Leg.PREFILL : Affinity.Leg.ANSWERING;
        Optional<String> oldHeader =
                given.optional("headerName").map(YamlNode::text).map(Sessions::lower);
        Optional<String> header = given.optional("encodedEndpointHeaderConfig").map(Sessions::header);
        SessionIds ids = given.optional("sessionIdConfig")
                .map(node -> SessionIds.read(node, given))
                .orElse(SessionIds.DEFAULT);
        Duration idle =
                given.optional("evictionTtlSeconds").map(Sessions::seconds).orElse(ids.idle());
        given.taken("evictionSweepSeconds");
        return switch (strategy) {
            case ID -> new RememberedAffinity(ids.headers(), leg, idle, Ticker.systemTicker());
            case OLD_ID ->
                new RememberedAffinity(List.of(oldHeader.orElse(TOKEN_HEADER)), leg, idle, Ticker.systemTicker());
            default -> new TokenAffinity(header.or(() -> oldHeader).orElse(TOKEN_HEADER), leg);
        };
    }

    private static String header(YamlNode node) {
        YamlMapping fields = node.mapping();
        String header = fields.optional("header").map(YamlNode::text).orElse(TOKEN_HEADER);
        fields.finish();
        return lower(header);
    }

    private static Duration seconds(YamlNode node) {
        return Duration.ofMillis(Math.round(node.number(1e-3, MAX_IDLE_SECONDS) * 1e3));
    }

    private static String lower(String header) {
        return header.toLowerCase(Locale.ROOT);
    }

    /** How sessions are known by an id of the client's. */
    private record SessionIds(List<String> headers, Duration idle) {
        static final SessionIds DEFAULT =
                new SessionIds(List.of(ID_HEADER), Duration.ofMillis(Math.round(IDLE_SECONDS * 1e3)));

        static SessionIds read(YamlNode node, Parameters given) {
            YamlMapping fields = node.mapping();
            List<String> headers = new ArrayList<>();
            for (YamlNode item : fields.optional("sources").map(YamlNode::items).orElse(List.of())) {
                YamlMapping source = item.mapping();
                source.optional("header").map(YamlNode::text).ifPresent(header -> headers.add(lower(header)));
                source.optional("attribute")
                        .ifPresent(attribute -> given.warn(
                                "knows sessions by headers only; the attribute " + attribute.text() + " is not read"));
                source.finish();
            }
            Duration idle =
                    fields.optional("evictionTtlSeconds").map(Sessions::seconds).orElse(DEFAULT.idle);
            fields.optional("evictionSweepSeconds").ifPresent(sweep -> sweep.number(1e-3, MAX_IDLE_SECONDS));
            fields.finish();
            return new SessionIds(headers.isEmpty() ? DEFAULT.headers : headers, idle);
        }
    }
}
