package dev.presage.router.discovery;

/** Told of every load of LatencySLOs, from a file or from an API server, on the loading thread; must not throw. */
public interface SloListener {
    /** So many SLOs of a source are in force. */
    void slosLoaded(int count);

    /** What a source has now was refused and the SLOs are as before. */
    void slosRejected(String reason);
}
