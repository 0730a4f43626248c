package dev.presage.router.slo;

import dev.presage.router.yaml.InvalidDocumentException;
import dev.presage.router.yaml.YamlNode;
import dev.presage.router.yaml.YamlWatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a text of LatencySLO documents says, and everything that is wrong with it. Made by the adapters that read files and
 * resources. Immutable.
 *
 * @param slos those that could be read; of use only if there are no problems
 * @param problems each names document, line, field and bound
 */
public record SloReading(List<LatencySlo> slos, List<String> problems) {
    /** Bound on the documents of one text. */
    public static final int MAX_SLOS = 10_000;

    /** Bound on a text, in characters: 10,000 documents of a usual size. */
    public static final int MAX_CHARACTERS = 8 << 20;

    public SloReading {
        slos = List.copyOf(slos);
        problems = List.copyOf(problems);
    }

    /** Reads documents that are separated by {@code ---}; empty ones are passed over. {@code name} is how problems call the text. */
    public static SloReading of(String name, String text) {
        return of(name, text, YamlWatch.NONE);
    }

    /** The same; {@code watch} is told what is read. */
    public static SloReading of(String name, String text, YamlWatch watch) {
        List<YamlNode> documents;
        try {
            documents = YamlNode.parseAll(name, text, MAX_CHARACTERS, watch);
        } catch (InvalidDocumentException e) {
            return new SloReading(List.of(), List.of(String.valueOf(e.getMessage())));
        }
        List<String> problems = new ArrayList<>();
        if (documents.size() > MAX_SLOS) {
            problems.add(name + " has " + documents.size() + " documents, more than " + MAX_SLOS);
            return new SloReading(List.of(), problems);
        }
        List<LatencySlo> slos = new ArrayList<>(documents.size());
        Set<String> names = new HashSet<>();
        for (YamlNode document : documents) {
            new SloReader(document, problems).read().ifPresent(slo -> {
                if (names.add(slo.name())) {
                    slos.add(slo);
                } else {
                    problems.add(
                            document.error("repeats the name " + slo.name()).getMessage());
                }
            });
        }
        return new SloReading(slos, problems);
    }
}
