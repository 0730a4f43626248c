package dev.presage.testbed.lab;

/**
 * What engines did in a stretch of time, per second of it.
 *
 * @param enginesBusy mean number of engines at work
 * @param asked prompt tokens computed that came with their own request
 * @param putOff prompt tokens computed that an earlier request brought, which was not answered by then
 * @param again prompt tokens computed that had been computed before
 * @param output tokens of answers
 */
record WorkDone(double enginesBusy, double asked, double putOff, double again, double output) {
    double tokens() {
        return asked + putOff + again + output;
    }
}
