package dev.presage.router.plugin.profile;

import dev.presage.router.plugin.Decider;
import dev.presage.router.plugin.Parameters;
import dev.presage.router.plugin.PluginType;
import dev.presage.router.yaml.YamlMapping;
import dev.presage.router.yaml.YamlNode;
import java.util.Optional;
import java.util.stream.Stream;

/** The types of profile handlers and deciders that a configuration may name, and the handler of one that names none. */
public final class ProfileHandlers {
    public static final ProfileHandler SINGLE = new SingleProfile();

    private static final String DECODE = "decode";
    private static final String PREFILL = "prefill";
    private static final String ENCODE = "encode";
    private static final int MAX_PORT = 65535;
    /** A 70B model's cache of 320 KiB a token over 200 Gb/s, see the rationale. */
    private static final double TRANSFER_MS_PER_TOKEN = 0.013;

    private static final int EXPECTED_OUTPUT_TOKENS = 128;

    private ProfileHandlers() {}

    public static Stream<PluginType> types() {
        return Stream.of(
                PluginType.of("single-profile-handler", given -> SINGLE),
                PluginType.of("disagg-profile-handler", ProfileHandlers::disagg),
                PluginType.of("pd-profile-handler", ProfileHandlers::deprecated),
                PluginType.of(
                        "data-parallel-profile-handler",
                        given -> new DataParallel(given.integer("primaryPort", 1, MAX_PORT, 8000))),
                PluginType.alpha("header-profile-handler", ByHeader::read),
                PluginType.mapped("disagg-headers-handler", "is not needed: the profile handler sets the headers", "*"),
                PluginType.mapped("prefill-header-handler", "is not needed: the profile handler sets the headers", "*"),
                PluginType.of("prefix-based-pd-decider", Deciders.ByPrefix::read),
                PluginType.of("always-disagg-pd-decider", given -> Deciders.ALWAYS),
                PluginType.of("always-disagg-multimodal-decider", given -> Deciders.MULTIMODAL));
    }

    private static ProfileHandler disagg(Parameters given) {
        Optional<YamlNode> order = given.optional("stageOrder");
        Optional<YamlNode> profiles = given.optional("profiles");
        Optional<YamlNode> deciders = given.optional("deciders");
        if (order.isEmpty() && profiles.isEmpty() && deciders.isEmpty()) {
            return flat(given);
        }
        boolean prefillFirst = order.map(
                        node -> node.choice("decode-first", "prefill-first").equals("prefill-first"))
                .orElse(false);
        Split.Names names = profiles.map(ProfileHandlers::names).orElse(new Split.Names(DECODE, PREFILL, ENCODE));
        Decider prefill = Deciders.ALWAYS;
        Decider encode = Deciders.MULTIMODAL;
        if (deciders.isPresent()) {
            YamlMapping fields = deciders.get().mapping();
            Optional<YamlNode> ofPrefill = fields.optional(PREFILL);
            if (prefillFirst && ofPrefill.isPresent()) {
                throw ofPrefill.get().error("must be absent with stageOrder prefill-first");
            }
            prefill = ofPrefill.map(node -> given.plugin(node, Decider.class)).orElse(prefill);
            encode = fields.optional(ENCODE)
                    .map(node -> given.plugin(node, Decider.class))
                    .orElse(encode);
            fields.finish();
        }
        return new Split(names, prefill, encode, prefillFirst, transfer(given), 0);
    }

    private static Split.Names names(YamlNode node) {
        YamlMapping fields = node.mapping();
        Split.Names names = new Split.Names(
                fields.optional(DECODE).map(YamlNode::text).orElse(DECODE),
                fields.optional(PREFILL).map(YamlNode::text).orElse(PREFILL),
                fields.optional(ENCODE).map(YamlNode::text).orElse(ENCODE));
        fields.finish();
        return names;
    }

    private static ProfileHandler deprecated(Parameters given) {
        given.warn("is deprecated, use disagg-profile-handler");
        given.taken("prefixPluginType", "prefixPluginName", "hashBlockSize", "blockSize");
        Optional<YamlNode> threshold = given.optional("threshold");
        Split split = flat(given);
        return threshold
                .map(node -> (int) node.integer(0, Integer.MAX_VALUE))
                .map(tokens -> split.decidedBy(tokens == 0 ? Deciders.ALWAYS : new Deciders.ByPrefix(tokens, 0)))
                .orElse(split);
    }

    /** The older parameters, which exclude the newer ones. */
    private static Split flat(Parameters given) {
        Split.Names names = new Split.Names(
                given.text("decodeProfile", DECODE),
                given.text("prefillProfile", PREFILL),
                given.text("encodeProfile", ENCODE));
        Decider prefill = given.plugin("deciderPluginName", Decider.class)
                .or(() -> given.plugin("pdDeciderPluginName", Decider.class))
                .orElse(Deciders.ALWAYS);
        Decider encode = given.plugin("encodeDeciderPluginName", Decider.class).orElse(Deciders.MULTIMODAL);
        int port = given.integer("primaryPort", 0, MAX_PORT, 0);
        return new Split(names, prefill, encode, false, transfer(given), port);
    }

    private static Transfer transfer(Parameters given) {
        return new Transfer(
                given.number("transferMsPerToken", 0, 1e3, TRANSFER_MS_PER_TOKEN),
                given.integer("expectedOutputTokens", 1, 1_000_000, EXPECTED_OUTPUT_TOKENS));
    }
}
