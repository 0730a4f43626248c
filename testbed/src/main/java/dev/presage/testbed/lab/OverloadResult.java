package dev.presage.testbed.lab;

/**
 * What flow control made of an overload; of requests that came while it lasted.
 *
 * @param criticalKept share of critical requests with their first token in time, those never sent counted as late
 * @param criticalTtft from arrival
 * @param standardTtft of those that were served
 * @param shares of the standard work done while it lasted, by tenant
 * @param shareError the largest relative distance of a share from its tenant's
 * @param starvedMs the longest time in which a tenant that waited got nothing
 * @param shed standard requests that were turned away
 * @param done by the engines while it lasted
 */
record OverloadResult(
        String flow,
        int critical,
        double criticalKept,
        Summary criticalTtft,
        int standard,
        Summary standardTtft,
        double[] shares,
        double shareError,
        double starvedMs,
        int shed,
        WorkDone done) {}
