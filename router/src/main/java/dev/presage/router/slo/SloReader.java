package dev.presage.router.slo;

import dev.presage.router.yaml.Durations;
import dev.presage.router.yaml.InvalidDocumentException;
import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Reads one LatencySLO and goes on after a mistake, so that all of them are told at once. Used once, by one thread. */
final class SloReader {
    private static final String API = "presage.dev/v1alpha1";
    private static final String KIND = "LatencySLO";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
    private static final Pattern HEADER = Pattern.compile("[-!#$%&'*+.^_`|~0-9a-z]{1,128}");
    private static final Pattern DAYS = Pattern.compile("([0-9]{1,4})d");
    private static final int MAX_VALUE = 256;

    private final YamlNode document;
    private final List<String> problems;
    private final int before;

    SloReader(YamlNode document, List<String> problems) {
        this.document = document;
        this.problems = problems;
        before = problems.size();
    }

    /** The SLO, unless something is wrong with it. */
    Optional<LatencySlo> read() {
        Optional<YamlMapping> mapping = attempt(document::mapping);
        if (mapping.isEmpty()) {
            return Optional.empty();
        }
        YamlMapping root = mapping.get();
        constant(root, "apiVersion", API);
        constant(root, "kind", KIND);
        String name = attempt(() -> root.required("metadata").mapping())
                .flatMap(this::name)
                .orElse("");
        root.optional("status");
        Optional<LatencySlo> slo =
                attempt(() -> root.required("spec").mapping()).flatMap(spec -> spec(name, spec));
        finish(root);
        return problems.size() > before ? Optional.empty() : slo;
    }

    private void constant(YamlMapping root, String field, String value) {
        attempt(() -> {
            YamlNode node = root.required(field);
            node.must(node.text().equals(value), "be " + value);
            return node;
        });
    }

    /** Whatever else is in metadata is Kubernetes' business. */
    private Optional<String> name(YamlMapping metadata) {
        Optional<String> name = attempt(() -> {
            YamlNode node = metadata.required("name");
            if (!NAME.matcher(node.text()).matches()) {
                throw node.error(
                        "must be lower-case letters, digits, '-' and '.', at most 253, is '" + node.text() + "'");
            }
            return node.text();
        });
        metadata.rest();
        return name;
    }

    private Optional<LatencySlo> spec(String name, YamlMapping spec) {
        SloSelector selector = read(spec, "selector", this::selector, SloSelector.ALL);
        LatencyTarget ttft = LatencyTarget.NONE;
        LatencyTarget tpot = LatencyTarget.NONE;
        Optional<YamlNode> targets = attempt(() -> spec.required("targets"));
        Optional<YamlMapping> each = targets.flatMap(node -> attempt(node::mapping));
        if (each.isPresent()) {
            int known = problems.size();
            ttft = read(each.get(), "ttft", this::target, ttft);
            tpot = read(each.get(), "tpot", this::target, tpot);
            finish(each.get());
            if (!ttft.isSet() && !tpot.isSet() && problems.size() == known) {
                problem(targets.get().error("needs ttft, tpot or both"));
            }
        }
        double objective = attempt(() -> spec.required("objective"))
                .flatMap(node -> attempt(() -> node.number(LatencySlo.MIN_OBJECTIVE, LatencySlo.MAX_OBJECTIVE)))
                .orElse(LatencySlo.MIN_OBJECTIVE);
        Duration window = read(spec, "window", SloReader::window, LatencySlo.DEFAULT_WINDOW);
        OnViolation onViolation = read(spec, "onViolation", SloReader::onViolation, OnViolation.PREFER);
        int minimum = read(
                spec,
                "minimumRequests",
                node -> (int) node.integer(1, LatencySlo.MAX_MINIMUM_REQUESTS),
                LatencySlo.DEFAULT_MINIMUM_REQUESTS);
        finish(spec);
        return problems.size() > before
                ? Optional.empty()
                : Optional.of(
                        new LatencySlo(name, selector, ttft, tpot, window, objective / 100, onViolation, minimum));
    }

    private SloSelector selector(YamlNode node) {
        YamlMapping fields = node.mapping();
        String pool = read(fields, "pool", SloReader::value, "");
        String model = read(fields, "model", SloReader::value, "");
        String objective = read(fields, "objective", SloReader::value, "");
        String tenant = read(fields, "tenant", SloReader::value, "");
        Map<String, String> headers = read(fields, "headers", this::headers, Map.of());
        finish(fields);
        return new SloSelector(pool, model, objective, tenant, headers);
    }

    private Map<String, String> headers(YamlNode node) {
        Map<String, YamlNode> fields =
                node.takes("at most " + SloSelector.MAX_HEADERS).mapping().rest();
        if (fields.size() > SloSelector.MAX_HEADERS) {
            throw node.error("has " + fields.size() + " headers, more than " + SloSelector.MAX_HEADERS);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        fields.forEach((name, value) -> attempt(() -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!HEADER.matcher(lower).matches()) {
                throw value.error("is not the name of a header");
            }
            if (headers.put(lower, value(value)) != null) {
                throw value.error("is given twice");
            }
            return value;
        }));
        return headers;
    }

    private static String value(YamlNode node) {
        String text = node.takes("1 to " + MAX_VALUE + " characters").text();
        if (text.isBlank() || text.length() > MAX_VALUE) {
            throw node.error("must have 1.." + MAX_VALUE + " characters, has "
                    + text.strip().length());
        }
        return text;
    }

    private LatencyTarget target(YamlNode node) {
        YamlMapping fields = node.mapping();
        Optional<Double> ms = attempt(() -> fields.required("ms").number(LatencyTarget.MIN_MS, LatencyTarget.MAX_MS));
        double percentile = read(
                fields,
                "percentile",
                value -> value.number(LatencyTarget.MIN_PERCENTILE, LatencyTarget.MAX_PERCENTILE),
                0.0);
        finish(fields);
        return ms.map(bound -> new LatencyTarget(bound, percentile)).orElse(LatencyTarget.NONE);
    }

    private static Duration window(YamlNode node) {
        String text = node.scalarText();
        var days = DAYS.matcher(text);
        Duration window = days.matches()
                ? Duration.ofDays(Long.parseLong(days.group(1)))
                : Durations.parse(text)
                        .orElseThrow(() -> node.error("must be a duration such as 30d or 12h, is '" + text + "'"));
        node.takes("duration such as 30d or 12h")
                .must(
                        window.compareTo(LatencySlo.MIN_WINDOW) >= 0 && window.compareTo(LatencySlo.MAX_WINDOW) <= 0,
                        "be within %dh..%dd"
                                .formatted(LatencySlo.MIN_WINDOW.toHours(), LatencySlo.MAX_WINDOW.toDays()));
        return window;
    }

    private static OnViolation onViolation(YamlNode node) {
        return node.choice(List.of(OnViolation.values()), OnViolation::label);
    }

    private <T> T read(YamlMapping fields, String name, Function<YamlNode, T> reader, T otherwise) {
        return fields.optional(name)
                .flatMap(node -> attempt(() -> reader.apply(node)))
                .orElse(otherwise);
    }

    private void finish(YamlMapping fields) {
        fields.rest().values().forEach(field -> problem(field.error("is not a known field")));
    }

    private <T> Optional<T> attempt(Supplier<T> read) {
        try {
            return Optional.of(read.get());
        } catch (InvalidDocumentException e) {
            problem(e);
            return Optional.empty();
        }
    }

    private void problem(InvalidDocumentException e) {
        problems.add(String.valueOf(e.getMessage()));
    }
}
