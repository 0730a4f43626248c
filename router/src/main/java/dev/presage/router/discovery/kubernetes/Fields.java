package dev.presage.router.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object of the API, or of a part of it. What is missing or of another type is a {@link
 * MalformedObjectException} that names the path. Immutable as long as the object is.
 */
final class Fields {
    private final String path;
    private final Map<?, ?> values;

    private Fields(String path, Map<?, ?> values) {
        this.path = path;
        this.values = values;
    }

    /** Everything but metadata. */
    static Fields of(GenericKubernetesResource object) {
        return new Fields("", object.getAdditionalProperties());
    }

    Fields object(String name) {
        return optionalObject(name).orElseThrow(() -> missing(name));
    }

    Optional<Fields> optionalObject(String name) {
        return value(name, Map.class, "an object").map(map -> new Fields(path(name), map));
    }

    /** The items of a list of objects; empty when there is no list. */
    List<Fields> objects(String name) {
        List<?> items = value(name, List.class, "a list").orElse(List.of());
        List<Fields> objects = new ArrayList<>(items.size());
        for (Object item : items) {
            String at = path(name) + "[" + objects.size() + "]";
            if (!(item instanceof Map<?, ?> map)) {
                throw new MalformedObjectException(at + " must be an object, is " + item);
            }
            objects.add(new Fields(at, map));
        }
        return objects;
    }

    String text(String name) {
        return optionalText(name).orElseThrow(() -> missing(name));
    }

    /** Empty text counts as absent, as in Go. */
    Optional<String> optionalText(String name) {
        return value(name, String.class, "a string").filter(text -> !text.isEmpty());
    }

    int integer(String name, int least, int most) {
        return optionalInteger(name, least, most).orElseThrow(() -> missing(name));
    }

    Optional<Integer> optionalInteger(String name, int least, int most) {
        return value(name, Number.class, "a number").map(number -> {
            long value = number.longValue();
            if (value < least || value > most || value != number.doubleValue()) {
                throw error(name, "must be within " + least + ".." + most + ", is " + number);
            }
            return (int) value;
        });
    }

    /** All fields, which must be strings. */
    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (!(value instanceof String text)) {
                throw error(String.valueOf(key), "must be a string, is " + value);
            }
            texts.put(String.valueOf(key), text);
        });
        return texts;
    }

    MalformedObjectException error(String name, String problem) {
        return new MalformedObjectException(path(name) + " " + problem);
    }

    private MalformedObjectException missing(String name) {
        return error(name, "is missing");
    }

    private <T> Optional<T> value(String name, Class<T> type, String what) {
        @Nullable Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw error(name, "must be " + what + ", is " + value);
        }
        return Optional.of(type.cast(value));
    }

    private String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
