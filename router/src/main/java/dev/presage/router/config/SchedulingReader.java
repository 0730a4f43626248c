package dev.presage.router.config;

import dev.presage.router.plugin.Admitter;
import dev.presage.router.plugin.LatencySettings;
import dev.presage.router.plugin.SaturationDetector;
import dev.presage.router.plugin.admit.Admission;
import dev.presage.router.plugin.profile.Profile;
import dev.presage.router.plugin.profile.ProfileHandler;
import dev.presage.router.plugin.profile.ProfileHandlers;
import dev.presage.router.yaml.YamlNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads how requests are scheduled. */
record SchedulingReader(Plugins plugins, YamlNode document, List<String> warnings) {
    SchedulingConfig read(Optional<YamlNode> profileList, Optional<SaturationDetector> detector) {
        Map<String, Profile> profiles = new ProfileReader(plugins).read(profileList);
        ProfileHandler handler = handler(profileList);
        handler.complaint(profiles.keySet()).ifPresent(complaint -> {
            throw profileList.orElse(document).error(": " + complaint);
        });
        return new SchedulingConfig(
                new PolicyReader(plugins, warnings).read(profiles.values()),
                handler,
                profiles,
                plugins.all(LatencySettings.class).stream().findFirst().orElse(LatencySettings.DEFAULT),
                detector.or(() -> plugins.all(SaturationDetector.class).stream().findFirst())
                        .orElse(Admission.DEFAULT),
                plugins.all(Admitter.class));
    }

    private ProfileHandler handler(Optional<YamlNode> profileList) {
        List<ProfileHandler> handlers = plugins.all(ProfileHandler.class);
        if (handlers.size() > 1) {
            throw document.error("has " + handlers.size() + " profile handlers among its plugins, there may be one");
        }
        if (!handlers.isEmpty()) {
            return handlers.getFirst();
        }
        if (profileList.map(list -> list.items().size()).orElse(0) > 1) {
            throw profileList.orElse(document).error("are several, so the plugins need a profile handler");
        }
        return ProfileHandlers.SINGLE;
    }
}
