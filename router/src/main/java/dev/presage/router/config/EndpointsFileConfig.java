package dev.presage.router.config;

import java.nio.file.Path;

/** The plugin {@code file-discovery}: which file, and whether to follow its changes. */
public record EndpointsFileConfig(Path path, boolean watch) {}
