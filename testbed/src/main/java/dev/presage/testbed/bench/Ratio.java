package dev.presage.testbed.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * This build's router over another server under the same load: below 1 is less time or less work, but for {@code throughput},
 * where above 1 is more.
 */
record Ratio(
        String to,
        int endpoints,
        int bodyBytes,
        LoadShape shape,
        double throughput,
        double p50,
        double p99,
        double cpu) {

    /** For every row of this build and every other server's row under the same load, and what the peer once did. */
    static List<Ratio> of(List<CellResult> results) {
        List<Ratio> ratios = new ArrayList<>();
        boolean straight = results.stream().noneMatch(each -> each.server().equals(ServerUnderTest.ALONE));
        for (CellResult ours : results) {
            for (CellResult other : results) {
                if (ours.server().equals(ServerUnderTest.PRESAGE) && other != ours && sameLoad(ours, other)) {
                    ratios.add(of(ours, other));
                }
            }
            if (straight && ours.server().equals(ServerUnderTest.PRESAGE)) {
                PeerFigures.of(ours).map(peer -> of(ours, peer)).ifPresent(ratios::add);
            }
        }
        return ratios;
    }

    private static Ratio of(CellResult ours, PeerFigures peer) {
        return new Ratio(
                PeerFigures.NAME,
                ours.endpoints(),
                ours.bodyBytes(),
                ours.shape(),
                ours.median(Measurement::perSecond) / peer.perSecond(),
                ours.median(m -> m.latency().p50()) / peer.p50(),
                ours.median(m -> m.latency().p99()) / peer.p99(),
                ours.median(Measurement::cpuPerThousand) / peer.cpuPerThousand());
    }

    private static boolean sameLoad(CellResult a, CellResult b) {
        return a.endpoints() == b.endpoints()
                && a.bodyBytes() == b.bodyBytes()
                && a.shape().equals(b.shape());
    }

    private static Ratio of(CellResult ours, CellResult other) {
        return new Ratio(
                other.server(),
                ours.endpoints(),
                ours.bodyBytes(),
                ours.shape(),
                ours.median(Measurement::perSecond) / other.median(Measurement::perSecond),
                ours.median(m -> m.latency().p50())
                        / other.median(m -> m.latency().p50()),
                ours.median(m -> m.latency().p99())
                        / other.median(m -> m.latency().p99()),
                ours.median(Measurement::cpuPerThousand) / other.median(Measurement::cpuPerThousand));
    }
}
