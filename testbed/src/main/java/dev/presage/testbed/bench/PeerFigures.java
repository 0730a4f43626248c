package dev.presage.testbed.bench;

import java.util.List;
import java.util.Optional;

/**
 * What llm-d's endpoint picker (llm-d-router ebab6879, Go 1.26, the plugins of its chart, scrapes every 50 ms, no prediction) did on a
 * machine of this kind: two shared cores, gRPC over loopback, the load client beside it, medians of three runs. Measured once, on
 * another day; the floor of the same run says how fast this machine is today.
 */
record PeerFigures(
        int endpoints, int bodyBytes, int inFlight, double perSecond, double p50, double p99, double cpuPerThousand) {
    static final String NAME = "llm-d";

    private static final int KIB = 1 << 10;

    private static final List<PeerFigures> ALL = List.of(
            new PeerFigures(8, KIB, 1, 1_178, 431, 1_186, 0.688),
            new PeerFigures(8, KIB, 16, 3_522, 1_327, 6_246, 0.297),
            new PeerFigures(8, KIB, 64, 4_265, 4_485, 17_723, 0.265),
            new PeerFigures(8, 16 * KIB, 1, 665, 833, 3_111, 1.368),
            new PeerFigures(8, 16 * KIB, 16, 1_534, 3_176, 15_481, 0.750),
            new PeerFigures(8, 16 * KIB, 64, 1_910, 10_509, 35_550, 0.683),
            new PeerFigures(8, 64 * KIB, 1, 352, 1_847, 5_376, 2.860),
            new PeerFigures(8, 64 * KIB, 16, 740, 7_114, 28_512, 1.949),
            new PeerFigures(8, 64 * KIB, 64, 826, 20_508, 67_163, 1.903),
            new PeerFigures(8, 256 * KIB, 1, 153, 5_018, 8_544, 6.890),
            new PeerFigures(64, 16 * KIB, 1, 608, 890, 5_182, 1.521),
            new PeerFigures(64, 16 * KIB, 16, 1_196, 3_849, 20_186, 1.035),
            new PeerFigures(256, 16 * KIB, 1, 344, 1_233, 12_304, 2.968),
            new PeerFigures(256, 16 * KIB, 16, 469, 8_937, 60_229, 2.740),
            new PeerFigures(1_024, 16 * KIB, 1, 4, 82_719, 125_290, 268),
            new PeerFigures(1_024, 16 * KIB, 16, 44, 109_597, 283_272, 25.6));

    /** Of the same load straight to the picker. */
    static Optional<PeerFigures> of(CellResult result) {
        return ALL.stream()
                .filter(peer -> peer.endpoints == result.endpoints()
                        && peer.bodyBytes == result.bodyBytes()
                        && result.shape().equals(new LoadShape.Closed(peer.inFlight)))
                .findFirst();
    }
}
