package dev.presage.router.debug;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.presage.router.metrics.Page;
import dev.presage.router.slo.LatencySlo;
import dev.presage.router.slo.LatencyTarget;
import dev.presage.router.slo.SloBook;
import dev.presage.router.slo.SloStanding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;

/** {@code /debug/slo}: every SLO, or with {@code ?name=} one, with its books as JSON. */
public final class SloPage implements Page {
    private static final JsonFactory JSON = new JsonFactory();

    private final SloBook book;

    public SloPage(SloBook book) {
        this.book = book;
    }

    @Override
    public Answer get(Map<String, String> query) throws IOException {
        String name = query.getOrDefault("name", "");
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(body).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeArrayFieldStart("slos");
            for (SloStanding standing : book.standings()) {
                if (name.isEmpty() || standing.slo().name().equals(name)) {
                    slo(json, standing);
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return new Answer(200, "application/json", body.toByteArray());
    }

    private static void slo(JsonGenerator json, SloStanding standing) throws IOException {
        LatencySlo slo = standing.slo();
        json.writeStartObject();
        json.writeStringField("name", slo.name());
        target(json, "ttft", slo.ttft());
        target(json, "tpot", slo.tpot());
        json.writeNumberField("objective", slo.objective());
        json.writeStringField("window", slo.window().toString());
        json.writeStringField("since", standing.since().toString());
        json.writeNumberField("requests", standing.window().requests());
        json.writeNumberField("bad", standing.window().bad());
        json.writeNumberField("unmeasured", standing.unmeasured());
        json.writeNumberField("attainment", standing.attainment());
        json.writeNumberField("budgetLeft", standing.budgetLeft());
        json.writeObjectFieldStart("burn");
        for (SloStanding.Burn burn : standing.burns()) {
            json.writeObjectFieldStart(burn.window().label());
            json.writeNumberField("requests", burn.count().requests());
            json.writeNumberField("bad", burn.count().bad());
            json.writeNumberField("rate", burn.rate());
            json.writeBooleanField("enough", burn.enough());
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void target(JsonGenerator json, String name, LatencyTarget target) throws IOException {
        if (target.isSet()) {
            json.writeObjectFieldStart(name);
            json.writeNumberField("ms", target.ms());
            if (target.percentile() > 0) {
                json.writeNumberField("percentile", target.percentile());
            }
            json.writeEndObject();
        }
    }
}
