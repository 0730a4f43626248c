package dev.presage.router.eject;

import dev.presage.router.eject.Standing.Ejected;
import dev.presage.router.eject.Standing.InRotation;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EndpointState;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.fleet.FleetSnapshot;
import dev.presage.router.observe.Outcome;
import dev.presage.router.observe.RoutingListener;
import dev.presage.router.pick.Decision;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps each endpoint's {@link Standing}. One server error or refused connection ejects; the scraper's next success, or one
 * request let through as a trial, brings back. Never leaves a decision without a candidate: when all are ejected, the one
 * whose failure is longest ago is used.
 *
 * <p>While all is well a decision pays one volatile read. Thread-safe; bounded by the endpoints of the fleet.
 */
public final class OutlierEjection implements RoutingListener, Rotation, Reachability {
    private static final Logger LOG = LoggerFactory.getLogger(OutlierEjection.class);
    private static final int NOT_IMPLEMENTED = 501;
    private static final int HTTP_VERSION = 505;

    private final Fleet fleet;
    private final EjectionRules rules;
    private final LongSupplier nanoClock;
    private final Supplier<RandomGenerator> random;
    private final EjectionListener listener;
    private final Map<String, Standing> standings = new HashMap<>();
    // Those not in rotation; replaced as a whole.
    private volatile Map<String, Standing> outside = Map.of();

    public OutlierEjection(
            Fleet fleet,
            EjectionRules rules,
            LongSupplier nanoClock,
            Supplier<RandomGenerator> random,
            EjectionListener listener) {
        this.fleet = fleet;
        this.rules = rules;
        this.nanoClock = nanoClock;
        this.random = random;
        this.listener = listener;
    }

    @Override
    public FleetSnapshot of(FleetSnapshot candidates, long nowNanos) {
        Map<String, Standing> out = outside;
        if (out.isEmpty()) {
            return candidates;
        }
        FleetSnapshot fit = candidates.where(endpoint -> admits(out, endpoint, nowNanos));
        if (!fit.isEmpty() || candidates.isEmpty()) {
            return fit;
        }
        Endpoint leastBad = leastRecentlyBad(candidates, out);
        return candidates.where(endpoint -> endpoint == leastBad);
    }

    private boolean admits(Map<String, Standing> out, Endpoint endpoint, long now) {
        Standing standing = out.get(endpoint.address());
        return standing == null || rules.admits(standing, now);
    }

    private static Endpoint leastRecentlyBad(FleetSnapshot candidates, Map<String, Standing> out) {
        Endpoint least = candidates.get(0).endpoint();
        for (EndpointState state : candidates.endpoints()) {
            if (failedNanos(out, state.endpoint()) - failedNanos(out, least) < 0) {
                least = state.endpoint();
            }
        }
        return least;
    }

    private static long failedNanos(Map<String, Standing> out, Endpoint endpoint) {
        return switch (out.get(endpoint.address())) {
            case Ejected ejected -> ejected.sinceNanos();
            case Standing.OnTrial trial -> trial.startedNanos();
            case InRotation in -> in.sinceNanos();
            case null -> 0;
        };
    }

    /** How many endpoints are out of rotation. */
    public int ejected() {
        return outside.size();
    }

    /** The addresses that are out of rotation. */
    public Set<String> ejectedAddresses() {
        return outside.keySet();
    }

    @Override
    public void refused(Endpoint endpoint) {
        long now = nanoClock.getAsLong();
        change(endpoint.address(), EjectionCause.REFUSED, it -> rules.refused(it, now, draw()));
    }

    @Override
    public void reached(Endpoint endpoint) {
        if (outside.containsKey(endpoint.address())) {
            long now = nanoClock.getAsLong();
            change(endpoint.address(), EjectionCause.REFUSED, it -> rules.reached(it, now));
        }
    }

    @Override
    public void routed(Decision.Routed decision, long decidedAtMs, long tookNanos) {
        String address = decision.endpoint().address();
        if (outside.containsKey(address)) {
            long now = nanoClock.getAsLong();
            change(address, EjectionCause.SERVER_ERROR, it -> rules.sent(it, now));
        }
    }

    @Override
    public void answered(Decision.Routed decision, String servedBy, int httpStatus, long sentNanos) {
        String chosen = decision.endpoint().address();
        boolean failed =
                httpStatus >= 500 && httpStatus <= 599 && httpStatus != NOT_IMPLEMENTED && httpStatus != HTTP_VERSION;
        if (!failed && outside.isEmpty() && servedBy.equals(chosen)) {
            return;
        }
        boolean passedOver = !servedBy.equals(chosen) && isCandidate(decision, servedBy);
        if (passedOver) {
            fail(chosen, EjectionCause.PASSED_OVER, sentNanos);
        }
        String answering = passedOver ? servedBy : chosen;
        if (failed) {
            fail(answering, EjectionCause.SERVER_ERROR, sentNanos);
        } else if (outside.containsKey(answering)) {
            long now = nanoClock.getAsLong();
            change(answering, EjectionCause.SERVER_ERROR, it -> rules.answered(it, sentNanos, now));
        }
    }

    private void fail(String address, EjectionCause cause, long sentNanos) {
        long now = nanoClock.getAsLong();
        change(address, cause, it -> rules.failed(it, sentNanos, now, draw()));
    }

    private static boolean isCandidate(Decision.Routed decision, String address) {
        for (int i = 0; i < decision.candidates().size(); i++) {
            if (decision.candidates().state(i).endpoint().address().equals(address)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void ended(Outcome outcome) {
        // What an answer says of the endpoint is known when it begins.
    }

    private double draw() {
        return random.get().nextDouble();
    }

    private void change(String address, EjectionCause cause, UnaryOperator<Standing> transition) {
        @Nullable Runnable told;
        synchronized (standings) {
            Standing before = standings.getOrDefault(address, Standing.GOOD);
            Standing after = transition.apply(before);
            if (after.equals(before)) {
                return;
            }
            if (before instanceof InRotation && withheld(after)) {
                told = () -> listener.withheld(address);
            } else {
                standings.put(address, after);
                publish();
                told = news(address, before, after, cause);
            }
        }
        if (told != null) {
            told.run();
        }
    }

    private @Nullable Runnable news(String address, Standing before, Standing after, EjectionCause cause) {
        if (before instanceof InRotation && after instanceof Ejected out) {
            return () -> {
                LOG.info("ejected {}: {}, for the {}. time", address, cause.label(), out.ejections());
                listener.ejected(address, cause);
            };
        }
        if (!(before instanceof InRotation) && after instanceof InRotation) {
            return () -> {
                LOG.info("{} is back in rotation", address);
                listener.readmitted(address);
            };
        }
        return null;
    }

    /** Server errors of many at once are rather the requests' or a common cause's. */
    private boolean withheld(Standing after) {
        if (!(after instanceof Ejected out) || out.refused()) {
            return false;
        }
        long answering = standings.values().stream()
                .filter(it -> !(it instanceof InRotation) && !(it instanceof Ejected gone && gone.refused()))
                .count();
        return answering + 1 > rules.largestShare() * fleet.endpoints().size();
    }

    private void publish() {
        Set<String> present = fleet.endpoints().stream().map(Endpoint::address).collect(Collectors.toSet());
        standings.keySet().retainAll(present);
        outside = standings.entrySet().stream()
                .filter(entry -> !(entry.getValue() instanceof InRotation))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
