package dev.presage.router.discovery.kubernetes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which pods a pool has: those whose labels meet every requirement. */
record PodSelector(List<Requirement> requirements) {
    /** A comma within parentheses stands between the values of one requirement. */
    private static final Pattern COMMA = Pattern.compile(",(?![^(]*\\))");

    private static final String KEY = "([^\\s=!,()]+)";
    private static final String VALUE = "[^\\s=!,()]*";
    private static final Pattern EXISTS = Pattern.compile("(!?)\\s*" + KEY);
    private static final Pattern EQUALS = Pattern.compile(KEY + "\\s*(=|==|!=)\\s*(" + VALUE + ")");
    private static final Pattern SET =
            Pattern.compile(KEY + "\\s+(in|notin)\\s*\\(\\s*(" + VALUE + "(?:\\s*,\\s*" + VALUE + ")*)\\s*\\)");

    /**
     * One requirement of Kubernetes' label selectors.
     *
     * @param values none stand for any value
     * @param wanted whether the label must have one of the values, or must not; without the label the latter is met
     */
    record Requirement(String key, Set<String> values, boolean wanted) {
        Requirement {
            values = Set.copyOf(values);
        }

        boolean metBy(Map<String, String> labels) {
            String value = labels.get(key);
            return wanted == (value != null && (values.isEmpty() || values.contains(value)));
        }
    }

    PodSelector {
        requirements = List.copyOf(requirements);
        if (requirements.isEmpty()) {
            throw new MalformedObjectException("the pool's selector must not be empty: it would take every pod");
        }
    }

    /** All of these labels. */
    static PodSelector labels(Map<String, String> labels) {
        return new PodSelector(labels.entrySet().stream()
                .map(label -> new Requirement(label.getKey(), Set.of(label.getValue()), true))
                .toList());
    }

    /**
     * Reads what {@code kubectl get -l} takes: {@code a=b}, {@code a!=b}, {@code a in (b,c)}, {@code a notin (b,c)}, {@code a}, {@code
     * !a}, with commas between them.
     *
     * @throws IllegalArgumentException naming the requirement that cannot be read
     */
    static PodSelector parse(String text) {
        List<Requirement> requirements = new ArrayList<>();
        for (String part : COMMA.split(text, -1)) {
            requirements.add(requirement(part.strip()));
        }
        return new PodSelector(requirements);
    }

    private static Requirement requirement(String text) {
        Matcher set = SET.matcher(text);
        if (set.matches()) {
            return new Requirement(
                    set.group(1),
                    new HashSet<>(Arrays.asList(set.group(3).split("\\s*,\\s*"))),
                    set.group(2).equals("in"));
        }
        Matcher equals = EQUALS.matcher(text);
        if (equals.matches()) {
            return new Requirement(
                    equals.group(1), Set.of(equals.group(3)), !equals.group(2).equals("!="));
        }
        Matcher exists = EXISTS.matcher(text);
        if (exists.matches()) {
            return new Requirement(exists.group(2), Set.of(), exists.group(1).isEmpty());
        }
        throw new IllegalArgumentException(
                "has \"" + text + "\", which is none of a=b, a!=b, a in (b,c)," + " a notin (b,c), a and !a");
    }

    boolean matches(Map<String, String> labels) {
        return requirements.stream().allMatch(requirement -> requirement.metBy(labels));
    }
}
