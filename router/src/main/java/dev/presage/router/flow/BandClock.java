package dev.presage.router.flow;

/** How far the service of a band has come, in the measure of its fairness policy. */
final class BandClock {
    double now;
    long turns = 1;
}
