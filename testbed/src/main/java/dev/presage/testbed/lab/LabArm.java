package dev.presage.testbed.lab;

/** One line of a comparison: who picks, and who lets requests in. */
record LabArm(String policy, FlowMode flow) {
    /** Reads {@code learned/presage}; an {@link IllegalArgumentException} names the part that is wrong. */
    static LabArm parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("'" + text + "' is not a policy and a flow control, as learned/presage");
        }
        String policy = text.substring(0, slash).strip();
        LabPolicy.named(policy);
        return new LabArm(policy, FlowMode.named(text.substring(slash + 1).strip()));
    }

    String label() {
        return policy + "/" + flow.label();
    }
}
