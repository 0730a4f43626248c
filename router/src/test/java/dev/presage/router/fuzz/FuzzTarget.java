package dev.presage.router.fuzz;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.Locale;

/** The readers of bytes from outside that are fuzzed, each with the folder of its inputs. */
enum FuzzTarget {
    JSON("dev.presage.router.body.JsonScannerFuzz"),
    INFLATING("dev.presage.router.body.InflatingFuzz"),
    GRPC_FRAMES("dev.presage.router.body.GrpcFramesFuzz"),
    REQUEST("dev.presage.router.request.RequestFuzz"),
    REPLY("dev.presage.router.observe.ReplyFuzz"),
    METRICS_PAGE("dev.presage.router.scrape.MetricsPageFuzz"),
    MODELS_PAGE("dev.presage.router.scrape.ModelsPageFuzz"),
    CONFIG("dev.presage.router.config.RouterConfigFuzz"),
    ENDPOINTS_FILE("dev.presage.router.discovery.EndpointsFileFuzz");

    final String className;

    FuzzTarget(String className) {
        this.className = className;
    }

    /** Seeds and what was once found. */
    Path inputs() {
        return Path.of("src", "test", "resources", "fuzz", name().toLowerCase(Locale.ROOT));
    }

    void run(byte[] input) throws Throwable {
        try {
            Class.forName(className)
                    .getMethod("fuzzerTestOneInput", byte[].class)
                    .invoke(null, input);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
