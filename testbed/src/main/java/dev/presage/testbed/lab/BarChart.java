package dev.presage.testbed.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Mean, p95 and p99 TTFT of each policy as one SVG picture. */
final class BarChart {
    private static final int LEFT = 120;
    private static final int WIDTH = 560;
    private static final int ROW = 66;
    private static final String[] COLORS = {"#2563eb", "#7c9cf0", "#c3d1f7"};

    private BarChart() {}

    static void write(Path file, List<PolicyResult> results) throws IOException {
        double longest =
                results.stream().mapToDouble(r -> r.ttftMs().p99()).max().orElse(1);
        StringBuilder svg = new StringBuilder(String.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<title>Time to first token by policy</title>%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n"
                        + "<text x=\"%d\" y=\"20\">TTFT in seconds: mean, p95, p99</text>%n",
                LEFT + WIDTH + 80, 40 + ROW * results.size(), LEFT));
        for (int i = 0; i < results.size(); i++) {
            Summary ttft = results.get(i).ttftMs();
            int top = 32 + i * ROW;
            svg.append(String.format(
                    "<text x=\"8\" y=\"%d\">%s</text>%n",
                    top + 32, results.get(i).policy()));
            double[] values = {ttft.mean(), ttft.p95(), ttft.p99()};
            for (int bar = 0; bar < values.length; bar++) {
                int width = (int) Math.round(WIDTH * values[bar] / longest);
                int y = top + bar * 18;
                svg.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"15\" fill=\"%s\"/><text x=\"%d\" y=\"%d\">%.2f</text>%n",
                        LEFT,
                        y,
                        width,
                        COLORS[bar],
                        LEFT + width + 4,
                        y + 12,
                        values[bar] / 1e3));
            }
        }
        Files.writeString(file, svg.append("</svg>\n"));
    }
}
