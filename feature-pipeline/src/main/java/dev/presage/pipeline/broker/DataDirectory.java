package dev.presage.pipeline.broker;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/** Makes a directory one that a KRaft node can start on, once; a formatted one is never written to. */
final class DataDirectory {
    private DataDirectory() {}

    static void formatIfNew(Path directory) throws Exception {
        Files.createDirectories(directory);
        if (Files.exists(directory.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
            return;
        }
        // The formatter reports to a stream that must be there; nobody needs its chatter.
        var chatter = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        String path = directory.toAbsolutePath().toString();
        new Formatter()
                .setPrintStream(chatter)
                .setNodeId(NodeConfig.NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .addDirectory(path)
                .setMetadataLogDirectory(path)
                .setControllerListenerName(NodeConfig.CONTROLLER_LISTENER)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setHasDynamicQuorum(false)
                .run();
    }
}
