package dev.presage.router.scrape;

import dev.presage.router.fleet.ServedModels;

/** Any bytes as an engine's list of models: they are taken, and what is read is within its bound. */
public final class ModelsPageFuzz {
    private ModelsPageFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        ModelsPage.read(data).ifPresent(models -> {
            if (models.parents().size() > ServedModels.MOST || models.parents().containsKey("")) {
                throw new AssertionError("not a list of names: " + models);
            }
        });
    }
}
