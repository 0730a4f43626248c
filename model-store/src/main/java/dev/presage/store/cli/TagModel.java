package dev.presage.store.cli;

import dev.presage.store.bundle.BundleId;
import dev.presage.store.registry.AnnotateRequest;
import dev.presage.store.registry.ChangeOutcome;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.registry.PoolState;
import dev.presage.store.registry.VersionEntry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code presage models tag}. */
@Command(name = "tag", mixinStandardHelpOptions = true, description = "Tag a version or write a note on it.")
final class TagModel extends ModelsSubcommand {
    @Parameters(index = "0", paramLabel = "BUNDLE", description = "Alias or id.")
    private String name = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "TAG",
            description = "Tags to add; a leading '!' takes one away. A version tagged keep is never deleted.")
    private List<String> tags = List.of();

    @Option(names = "--note", description = "The note, in place of the one before.")
    private Optional<String> note = Optional.empty();

    @Option(names = "--actor", description = "Who, for the audit log (default: the user's name).")
    private String actor = System.getProperty("user.name", "unknown");

    private record Tagged(BundleId bundle, List<String> tags, String note) {}

    @Override
    int run(ModelRegistry store) throws IOException {
        PoolState state = store.pool(registry.pool(store));
        BundleId bundle = RegistryOptions.version(state, name);
        VersionEntry version = state.version(bundle).orElseThrow();
        TreeSet<String> all = new TreeSet<>(version.tags());
        for (String tag : tags) {
            if (tag.startsWith("!")) {
                all.remove(tag.substring(1));
            } else {
                all.add(tag);
            }
        }
        ChangeOutcome outcome = store.change(
                new AnnotateRequest(state.pool(), bundle, all, note.orElse(version.note()), actor, "annotated"));
        if (outcome instanceof ChangeOutcome.Refused refused) {
            throw new RefusedException(refused.problem());
        }
        String text = note.orElse(version.note());
        if (output == Output.json) {
            printJson(new Tagged(bundle, List.copyOf(all), text));
        } else {
            out().println(bundle + ": tags " + all + (text.isEmpty() ? "" : ", note: " + text));
        }
        return 0;
    }
}
