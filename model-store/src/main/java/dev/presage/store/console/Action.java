package dev.presage.store.console;

import java.util.Arrays;
import java.util.Locale;

/** What operators do on pages, each through a form that shows the evidence first. */
enum Action {
    PROMOTE("Promote", "promoted"),
    ROLLBACK("Roll back", "rolled back"),
    FREEZE("Freeze", "frozen"),
    UNFREEZE("Unfreeze", "free to move again"),
    REJECT("Reject", "rejected"),
    RETIRE("Retire", "retired"),
    ANNOTATE("Annotate", "annotated");

    /** On the button. */
    final String verb;
    /** Afterwards: "done: ...". */
    final String done;

    Action(String verb, String done) {
        this.verb = verb;
        this.done = done;
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is about one version. */
    boolean onVersion() {
        return this != ROLLBACK && this != FREEZE && this != UNFREEZE;
    }

    static Action of(String key) {
        return Arrays.stream(values())
                .filter(action -> action.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new ConsoleException(404, "There is no action '" + key + "'"));
    }
}
