package dev.presage.store.console;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sessions as signed cookies, so that the store keeps none: {@code name.operator.end.nonce.hmac}. The key is this process's own, so a restart ends
 * all of them. Thread-safe.
 */
final class Sessions {
    static final String COOKIE = "presage_console";
    static final Duration LIFE = Duration.ofHours(8);

    private static final int PARTS = 5;
    private static final int MAX_LENGTH = 1_000;

    private final SecretKeySpec key;
    private final SecureRandom random;
    private final InstantSource clock;

    Sessions(SecureRandom random, InstantSource clock) {
        this.random = random;
        this.clock = clock;
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        key = new SecretKeySpec(secret, "HmacSHA256");
    }

    /** One visitor's; {@code named} is empty for one that nobody logged in to. */
    record Session(String name, boolean operator, String value) {}

    Session open(String name, boolean operator) {
        byte[] nonce = new byte[16];
        random.nextBytes(nonce);
        String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(StandardCharsets.UTF_8));
        String payload =
                encoded + "." + operator + "." + clock.instant().plus(LIFE).toEpochMilli() + "."
                        + HexFormat.of().formatHex(nonce);
        return new Session(name, operator, payload + "." + mac("session " + payload));
    }

    /** Empty when it is not one of ours, or over. */
    Optional<Session> read(String value) {
        String[] parts = value.split("\\.", -1);
        if (value.length() > MAX_LENGTH || parts.length != PARTS) {
            return Optional.empty();
        }
        String payload = value.substring(0, value.lastIndexOf('.'));
        if (!same(parts[4], mac("session " + payload)) || Long.parseLong(parts[2]) < clock.millis()) {
            return Optional.empty();
        }
        String name = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
        return Optional.of(new Session(name, Boolean.parseBoolean(parts[1]), value));
    }

    /** What forms of this session's pages bring back. */
    String csrf(Session session) {
        return mac("form " + session.value());
    }

    static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private String mac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }
}
