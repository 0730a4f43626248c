package dev.presage.router.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.presage.router.fleet.ServedModels;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsPageTest {
    @Test
    void namesAndWhatTheyAdaptAreRead() {
        assertEquals(
                Optional.of(new ServedModels(Map.of("llama", "", "sql", "llama"))),
                read(
                        "{\"object\":\"list\",\"data\":[{\"id\":\"llama\",\"parent\":null,\"permission\":[{\"id\":\"p\"}]},"
                                + "{\"parent\":\"llama\",\"id\":\"sql\",\"root\":\"/adapters/sql\"}],\"next\":{\"data\":[]}}"));
        assertEquals(Optional.of(ServedModels.NONE), read("{\"data\":[]}"));
        assertEquals(Optional.of(ServedModels.NONE), read("{\"data\":[{\"id\":7},{\"parent\":\"x\"}]}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "[]",
                "{}",
                "{\"data\":{}}",
                "{\"data\":null}",
                "{\"data\":[1]}",
                "{\"data\":[[]]}",
                "{\"data\":[{\"id\":\"a\"}",
                "{\"data\":[{\"id\":\"a\"}]} more",
                "{\"data\":[{\"id\":\"a\"}"
            })
    void whatIsNoListIsNone(String page) {
        assertEquals(Optional.empty(), read(page));
    }

    @Test
    void thereIsAMost() {
        assertEquals(
                ServedModels.MOST,
                read(list(ServedModels.MOST)).orElseThrow().parents().size());
        assertEquals(Optional.empty(), read(list(ServedModels.MOST + 1)));
        assertEquals(Optional.empty(), read("{\"x\":" + "[".repeat(5_000)));
    }

    private static String list(int models) {
        return IntStream.range(0, models)
                .mapToObj(i -> "{\"id\":\"m" + i + "\"}")
                .collect(Collectors.joining(",", "{\"data\":[", "]}"));
    }

    private static Optional<ServedModels> read(String page) {
        return ModelsPage.read(page.getBytes(StandardCharsets.UTF_8));
    }
}
