package dev.presage.router.epp;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes as Kubernetes spells them, with or without a final B: {@code 4194304}, {@code 10Mi}, {@code 25MB}. */
final class ByteQuantity implements ITypeConverter<Integer> {
    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)(k|M|G|Ki|Mi|Gi)?B?");
    private static final Map<String, Double> UNITS =
            Map.of("k", 1e3, "M", 1e6, "G", 1e9, "Ki", 1024.0, "Mi", 1024.0 * 1024, "Gi", 1024.0 * 1024 * 1024);

    @Override
    public Integer convert(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new TypeConversionException("'" + text + "' is not a size such as 4194304, 10Mi or 25MB");
        }
        double unit = size.group(2) == null ? 1 : UNITS.getOrDefault(size.group(2), 1.0);
        double bytes = Double.parseDouble(size.group(1)) * unit;
        if (!(bytes >= 1 && bytes <= Integer.MAX_VALUE)) {
            throw new TypeConversionException("'" + text + "' is outside 1.." + Integer.MAX_VALUE + " bytes");
        }
        return (int) bytes;
    }
}
