package dev.presage.router.fuzz;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every fuzz target on every input that is kept, and on none. */
class FuzzCorpusTest {
    @TestFactory
    Stream<DynamicContainer> keptInputs() {
        return Stream.of(FuzzTarget.values())
                .map(target -> DynamicContainer.dynamicContainer(target.name(), tests(target)));
    }

    private static Stream<DynamicTest> tests(FuzzTarget target) {
        List<Path> inputs;
        try (Stream<Path> files = Files.list(target.inputs())) {
            inputs = files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertFalse(inputs.isEmpty(), target + " must have inputs");
        return Stream.concat(
                Stream.of(DynamicTest.dynamicTest("nothing", () -> target.run(new byte[0]))),
                inputs.stream()
                        .map(file -> DynamicTest.dynamicTest(
                                file.getFileName().toString(), () -> target.run(Files.readAllBytes(file)))));
    }
}
