package dev.presage.router.debug;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.presage.router.EndpointPicker;
import dev.presage.router.fleet.Endpoint;
import dev.presage.router.fleet.EndpointState;
import dev.presage.router.fleet.EngineSignals;
import dev.presage.router.fleet.Fleet;
import dev.presage.router.fleet.QueueState;
import dev.presage.router.fleet.ServedModels;
import dev.presage.router.metrics.Page;
import dev.presage.router.predict.ServingModel;
import dev.presage.router.prefix.PrefixIndex;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** {@code /debug/plugins/state} and {@code /debug/presage}: the fleet, the twins, the model and the prefix index as JSON. */
public final class StatePage implements Page {
    private static final JsonFactory JSON = new JsonFactory();

    private final String pool;
    private final Fleet fleet;
    private final PrefixIndex prefixes;
    private final EndpointPicker picker;
    private final LongSupplier nanoClock;

    /** {@code nanoClock} is the clock of the fleet's signals. */
    public StatePage(String pool, Fleet fleet, PrefixIndex prefixes, EndpointPicker picker, LongSupplier nanoClock) {
        this.pool = pool;
        this.fleet = fleet;
        this.prefixes = prefixes;
        this.picker = picker;
        this.nanoClock = nanoClock;
    }

    @Override
    public Answer get(Map<String, String> query) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(body).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("pool", pool);
            model(json, picker.serving());
            json.writeObjectFieldStart("prefixIndex");
            json.writeNumberField("blocks", prefixes.size());
            json.writeEndObject();
            json.writeArrayFieldStart("endpoints");
            long now = nanoClock.getAsLong();
            for (EndpointState state : fleet.snapshot().endpoints()) {
                endpoint(json, state, now);
                models(json, fleet.models(state.endpoint().id()));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return new Answer(200, "application/json", body.toByteArray());
    }

    private static void model(JsonGenerator json, @Nullable ServingModel model) throws IOException {
        if (model == null) {
            json.writeNullField("model");
            return;
        }
        json.writeObjectFieldStart("model");
        json.writeStringField("bundle", model.bundleId());
        json.writeStringField("trainedAt", model.trainedAt().toString());
        json.writeEndObject();
    }

    private static void endpoint(JsonGenerator json, EndpointState state, long now) throws IOException {
        Endpoint endpoint = state.endpoint();
        json.writeStartObject();
        json.writeStringField("id", endpoint.id());
        json.writeStringField("address", endpoint.address());
        json.writeStringField("class", endpoint.endpointClass());
        json.writeObjectFieldStart("labels");
        for (var label : new TreeMap<>(endpoint.labels()).entrySet()) {
            json.writeStringField(label.getKey(), label.getValue());
        }
        json.writeEndObject();
        signals(json, state.signals(), now);
        twin(json, state.queue());
    }

    /** Of each model what it adapts; where engines are asked for them. */
    private static void models(JsonGenerator json, ServedModels models) throws IOException {
        json.writeObjectFieldStart("models");
        for (var model : new TreeMap<>(models.parents()).entrySet()) {
            json.writeStringField(model.getKey(), model.getValue());
        }
        json.writeEndObject();
    }

    private static void signals(JsonGenerator json, EngineSignals signals, long now) throws IOException {
        if (signals.scrapedAtNanos() == Long.MIN_VALUE) {
            json.writeNullField("signals");
            return;
        }
        json.writeObjectFieldStart("signals");
        json.writeNumberField("ageMs", (now - signals.scrapedAtNanos()) / 1_000_000);
        json.writeNumberField("waiting", signals.waiting());
        json.writeNumberField("running", signals.running());
        json.writeNumberField("kvUsage", signals.kvUsage());
        json.writeNumberField("kvCapacityTokens", signals.kvCapacityTokens());
        json.writeArrayFieldStart("loadedAdapters");
        for (String adapter : signals.loadedAdapters()) {
            json.writeString(adapter);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void twin(JsonGenerator json, QueueState queue) throws IOException {
        json.writeObjectFieldStart("twin");
        json.writeNumberField("pendingRequests", queue.pendingRequests());
        json.writeNumberField("pendingTokens", queue.pendingTokens());
        json.writeNumberField("decodingRequests", queue.decodingRequests());
        json.writeNumberField("decodingContext", queue.decodingContext());
        json.writeEndObject();
    }
}
