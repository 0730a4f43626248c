package dev.presage.router.plugin.filter;

import dev.presage.router.plugin.Filter;
import dev.presage.router.plugin.Kept;
import dev.presage.router.plugin.Round;
import java.util.Set;

/**
 * Endpoints whose role label says that they do one stage of inference.
 *
 * @param unlabelled whether an endpoint without the label does it too
 */
record RoleFilter(Set<String> roles, boolean unlabelled) implements Filter {
    private static final String LABEL = "llm-d.ai/role";

    static final RoleFilter DECODE =
            new RoleFilter(Set.of("decode", "prefill-decode", "encode-decode", "encode-prefill-decode", "both"), true);
    static final RoleFilter PREFILL = new RoleFilter(
            Set.of("prefill", "prefill-decode", "encode-prefill", "encode-prefill-decode", "both"), false);
    static final RoleFilter ENCODE =
            new RoleFilter(Set.of("encode", "encode-prefill", "encode-decode", "encode-prefill-decode"), false);

    @Override
    public Kept keep(Round round) {
        return Kept.where(round, i -> {
            String role = round.label(i, LABEL);
            return role.isEmpty() ? unlabelled : roles.contains(role);
        });
    }
}
