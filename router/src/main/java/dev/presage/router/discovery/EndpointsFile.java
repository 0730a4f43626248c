package dev.presage.router.discovery;

import dev.presage.router.fleet.Endpoint;
import dev.presage.router.yaml.InvalidDocumentException;
import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The format of an endpoints file: {@code endpoints: [{name, namespace?, address, port, labels?}]}, as YAML or JSON. */
final class EndpointsFile {
    static final int MAX_BYTES = 1 << 20;
    static final int MAX_ENDPOINTS = 4096;
    private static final int MAX_LABELS = 64;
    private static final String DEFAULT_NAMESPACE = "default";
    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,5}");

    private EndpointsFile() {}

    /** Reads the whole file or throws {@link InvalidDocumentException}: there is no half-good file. */
    static List<Endpoint> parse(String name, byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new InvalidDocumentException(name + " has " + bytes.length + " bytes, more than " + MAX_BYTES);
        }
        YamlMapping root = YamlNode.parse(name, decode(name, bytes)).mapping();
        YamlNode list = root.required("endpoints");
        root.finish();
        List<YamlNode> items = list.items();
        if (items.size() > MAX_ENDPOINTS) {
            throw list.error("has " + items.size() + " endpoints, more than " + MAX_ENDPOINTS);
        }
        Set<String> ids = new HashSet<>();
        List<Endpoint> endpoints = new ArrayList<>(items.size());
        for (YamlNode item : items) {
            Endpoint endpoint = endpoint(item);
            if (!ids.add(endpoint.id())) {
                throw item.error("repeats the endpoint " + endpoint.id());
            }
            endpoints.add(endpoint);
        }
        return List.copyOf(endpoints);
    }

    private static String decode(String name, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidDocumentException(name + " is not UTF-8");
        }
    }

    private static Endpoint endpoint(YamlNode item) {
        YamlMapping fields = item.mapping();
        String name = nonEmpty(fields.required("name"));
        String namespace =
                fields.optional("namespace").map(EndpointsFile::nonEmpty).orElse(DEFAULT_NAMESPACE);
        String address = ipv4(fields.required("address"));
        int port = port(fields.required("port"));
        Map<String, String> labels =
                fields.optional("labels").map(EndpointsFile::labels).orElse(Map.of());
        fields.finish();
        return new Endpoint(namespace + "/" + name + "-rank-0", address, port, labels);
    }

    private static String nonEmpty(YamlNode node) {
        String text = node.text();
        if (text.isBlank()) {
            throw node.error("must not be empty");
        }
        return text;
    }

    private static String ipv4(YamlNode node) {
        String text = node.text();
        String[] octets = text.split("\\.", -1);
        boolean valid = octets.length == 4;
        for (String octet : octets) {
            valid = valid && OCTET.matcher(octet).matches() && Integer.parseInt(octet) <= 255;
        }
        if (!valid) {
            throw node.error("must be an IPv4 literal, is \"" + text + "\"");
        }
        return text;
    }

    /** The contract's port is a string; a bare number says the same and is taken too. */
    private static int port(YamlNode node) {
        String text = node.scalarText();
        int port = DIGITS.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65535) {
            throw node.error("must be within 1..65535, is \"" + text + "\"");
        }
        return port;
    }

    private static Map<String, String> labels(YamlNode node) {
        Map<String, YamlNode> fields = node.mapping().rest();
        if (fields.size() > MAX_LABELS) {
            throw node.error("has " + fields.size() + " labels, more than " + MAX_LABELS);
        }
        Map<String, String> labels = new LinkedHashMap<>();
        fields.forEach((key, value) -> labels.put(key, value.scalarText()));
        return labels;
    }
}
