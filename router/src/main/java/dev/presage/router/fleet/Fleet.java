package dev.presage.router.fleet;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The live fleet. Discovery replaces the set of endpoints, the scraper writes signals, dispatches go through each endpoint's
 * twin; {@link #snapshot} gathers one immutable view without taking a lock. An endpoint that is rediscovered with the same
 * id and address keeps its twin.
 */
public final class Fleet {
    private static final class Member {
        final Endpoint endpoint;
        final EndpointTwin twin;
        volatile EngineSignals signals;
        volatile ServedModels models = ServedModels.NONE;

        Member(Endpoint endpoint, EndpointTwin twin, EngineSignals signals) {
            this.endpoint = endpoint;
            this.twin = twin;
            this.signals = signals;
        }
    }

    private volatile Map<String, Member> members = Map.of();
    private Set<String> declaredAdapters = Set.of();
    /** Those that are declared, and those that engines say they serve. */
    private volatile Set<String> adapters = Set.of();

    /** The endpoints are now exactly these. Called by discovery. */
    public synchronized void replace(Collection<Endpoint> endpoints) {
        Map<String, Member> next = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints) {
            next.put(endpoint.id(), successor(endpoint, members.get(endpoint.id())));
        }
        members = next;
        gatherAdapters();
    }

    private static Member successor(Endpoint endpoint, @Nullable Member known) {
        if (known != null && known.endpoint.equals(endpoint)) {
            return known;
        }
        if (known == null || !known.endpoint.address().equals(endpoint.address())) {
            return new Member(endpoint, new EndpointTwin(), EngineSignals.UNKNOWN);
        }
        Member relabelled = new Member(endpoint, known.twin, known.signals);
        relabelled.models = known.models;
        return relabelled;
    }

    /** A scrape of the endpoint succeeded. Ignored when the endpoint is gone. */
    public void signals(String endpointId, EngineSignals signals) {
        Member member = members.get(endpointId);
        if (member != null) {
            member.signals = signals;
        }
    }

    /** These model names are LoRA adapters, whether or not an engine has loaded them. Called by discovery. */
    public synchronized void adapters(Set<String> declared) {
        declaredAdapters = Set.copyOf(declared);
        gatherAdapters();
    }

    /** The endpoint says that it serves these models. Called by the scraper; ignored when the endpoint is gone. */
    public synchronized void models(String endpointId, ServedModels models) {
        Member member = members.get(endpointId);
        if (member != null && !member.models.equals(models)) {
            member.models = models;
            gatherAdapters();
        }
    }

    private void gatherAdapters() {
        Set<String> all = new HashSet<>(declaredAdapters);
        members.values().forEach(member -> all.addAll(member.models.adapters()));
        adapters = Set.copyOf(all);
    }

    /** The models that the endpoint last said it serves. */
    public ServedModels models(String endpointId) {
        Member member = members.get(endpointId);
        return member == null ? ServedModels.NONE : member.models;
    }

    /** When the endpoint was last scraped, by the nano clock; {@link Long#MIN_VALUE} for never. */
    public long scrapedAtNanos(String endpointId) {
        Member member = members.get(endpointId);
        return member == null ? Long.MIN_VALUE : member.signals.scrapedAtNanos();
    }

    /** The twin of an endpoint, or null when the endpoint is gone, or came back elsewhere. */
    public @Nullable EndpointTwin twin(Endpoint endpoint) {
        Member member = members.get(endpoint.id());
        return member != null && member.endpoint.address().equals(endpoint.address()) ? member.twin : null;
    }

    /** Whether an endpoint of that id is in the fleet. */
    public boolean holds(String endpointId) {
        return members.containsKey(endpointId);
    }

    /** The endpoints, in discovery order. */
    public List<Endpoint> endpoints() {
        return members.values().stream().map(member -> member.endpoint).toList();
    }

    /** One consistent set of endpoints, each with its latest state. */
    public FleetSnapshot snapshot() {
        Collection<Member> now = members.values();
        EndpointState[] states = new EndpointState[now.size()];
        int count = 0;
        for (Member member : now) {
            states[count++] = new EndpointState(member.endpoint, member.signals, member.twin.state());
        }
        return new FleetSnapshot(states, adapters);
    }
}
