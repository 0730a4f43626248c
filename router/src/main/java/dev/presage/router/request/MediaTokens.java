package dev.presage.router.request;

/** What pictures and videos of one request are taken for: the configuration's estimate, and what the client says of its videos. */
record MediaTokens(MediaEstimate estimate, VideoHint hint) {
    /** A size of 0 is not known. */
    int picture(int width, int height) {
        return estimate.ofPicture(width, height);
    }

    int video() {
        return estimate.ofVideo(hint);
    }
}
