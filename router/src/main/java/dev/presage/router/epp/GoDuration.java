package dev.presage.router.epp;

import dev.presage.router.yaml.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations of flags, spelt as in the configuration. */
final class GoDuration implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        return Durations.parse(text)
                .orElseThrow(() ->
                        new TypeConversionException("'" + text + "' is not a duration such as 30s, 50ms or 1m30s"));
    }
}
