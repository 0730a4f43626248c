package dev.presage.store.console;

import dev.presage.store.bundle.BundleReader;
import dev.presage.store.bundle.StoreJson;
import dev.presage.store.registry.ModelRegistry;
import dev.presage.store.service.ChangeListener;
import dev.presage.store.service.StoreAccess;
import dev.presage.store.service.StorePages;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console's routes, all below {@code /console}. Registered with a {@link dev.presage.store.service.StoreServer}, whose access rules hold here too:
 * who may look, sees pages; only operators see forms, and each form comes back with its session's token from a page of this console. Requests run
 * on virtual threads. Requests and routers are the caller's to close.
 */
public final class Console implements HttpService {
    private static final Logger LOG = LoggerFactory.getLogger(Console.class);

    /** Nothing from elsewhere, no inline script or style, never in a frame. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private final TemplateEngine templates = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Console.class.getClassLoader(), Console.class.getPackageName());
    private final Doorman doorman;
    private final Sources sources;
    private final ChangePage change;

    private Console(Doorman doorman, Sources sources, ChangeListener listener) {
        this.doorman = doorman;
        this.sources = sources;
        change = new ChangePage(sources, listener);
    }

    /** The console of a store. {@code access} are the store's own rules, {@code reader} says whose bundles are trusted. */
    public static StorePages pages(
            ModelRegistry registry,
            BundleReader reader,
            RecentRequests requests,
            Routers routers,
            StoreAccess access,
            InstantSource clock) {
        Sources sources = new Sources(registry, new Bundles(registry, reader), requests, routers, clock);
        return (base, listener) ->
                new Console(new Doorman(access, new Sessions(new SecureRandom(), clock), base), sources, listener);
    }

    /** What answers a visitor that was let in. */
    private interface Page {
        Reply answer(Ask ask) throws IOException;
    }

    @Override
    public void routing(HttpRules rules) {
        OverviewPage overview = new OverviewPage(sources);
        ModelsPage models = new ModelsPage(sources);
        ModelPage model = new ModelPage(sources);
        ComparePage compare = new ComparePage(sources);
        AuditPage audit = new AuditPage(sources);
        DecisionsPage decisions = new DecisionsPage(sources);
        LivePage live = new LivePage(sources);
        ObjectivesPage objectives = new ObjectivesPage(sources.routers());
        Asset.all().forEach(asset -> rules.get(asset.path(), asset::send));
        rules.get("/", (request, response) -> redirect(response, "/console"))
                .get("/console", get(overview::show))
                .get("/console/pools/{pool}/models", get(models::show))
                .get("/console/pools/{pool}/models/{bundle}", get(model::show))
                .get("/console/pools/{pool}/compare", get(compare::show))
                .get("/console/pools/{pool}/audit", get(audit::show))
                .get("/console/pools/{pool}/live", get(live::show))
                .get("/console/pools/{pool}/live.json", get(live::data))
                .get("/console/pools/{pool}/change/{action}", get(change::confirm))
                .post("/console/pools/{pool}/change/{action}", post(change::perform))
                .get("/console/decisions", get(decisions::list))
                .get("/console/decisions/{request}", get(decisions::receipt))
                .get("/console/objectives", get(objectives::list))
                .get("/console/objectives/{pool}/{name}", get(objectives::one))
                .get("/console/login", this::loginForm)
                .post("/console/login", this::login)
                .post("/console/logout", this::logout);
    }

    private Handler get(Page page) {
        return (request, response) -> guarded(request, response, () -> {
            Optional<Visitor> visitor = doorman.admit(request, response);
            if (visitor.isEmpty()) {
                redirect(response, "/console/login?next=" + URLEncoder.encode(wanted(request), StandardCharsets.UTF_8));
                return;
            }
            send(request, response, visitor.get(), page.answer(Ask.get(request, visitor.get())));
        });
    }

    private Handler post(Page page) {
        return (request, response) -> guarded(request, response, () -> {
            Visitor visitor =
                    doorman.admit(request, response).orElseThrow(() -> new ConsoleException(401, "Log in first"));
            Ask ask = Ask.post(request, visitor);
            doorman.requireOwnForm(request, visitor, ask.field("csrf"));
            send(request, response, visitor, page.answer(ask));
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private void guarded(ServerRequest request, ServerResponse response, Work work) {
        try {
            work.run();
        } catch (ConsoleException e) {
            problem(request, response, e.status, e.text());
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "{} {} failed", request.prologue().method(), request.path().path(), e);
            problem(request, response, 500, "The store failed; its log says why.");
        }
    }

    private void problem(ServerRequest request, ServerResponse response, int status, String text) {
        Visitor nobody = new Visitor("", false, false, "");
        render(response, status, new Frame("Not done", "", "", List.of(), nobody, false, ""), "problem", text);
    }

    private void send(ServerRequest request, ServerResponse response, Visitor visitor, Reply reply) throws IOException {
        switch (reply) {
            case Reply.Elsewhere(String path) -> redirect(response, path);
            case Reply.Data(Object value) ->
                response.header(HeaderNames.CONTENT_TYPE, "application/json")
                        .header(HeaderNames.CACHE_CONTROL, "no-store")
                        .send(StoreJson.write(value));
            case Reply.Shown shown -> {
                List<String> pools = sources.registry().pools();
                String pool = !shown.pool().isEmpty() ? shown.pool() : pools.isEmpty() ? "" : pools.getFirst();
                Frame frame = new Frame(
                        shown.title(), shown.section(), pool, pools, visitor, doorman.asksForTokens(), done(request));
                render(response, shown.status(), frame, shown.template(), shown.view());
            }
        }
    }

    private static String done(ServerRequest request) {
        String done = request.query().first("done").orElse("");
        return done.isEmpty() ? "" : Action.of(done).done;
    }

    private void render(ServerResponse response, int status, Frame frame, String template, Object view) {
        Utf8ByteOutput page = new Utf8ByteOutput();
        templates.render(template + ".jte", Map.of("frame", frame, "view", view), page);
        response.status(status)
                .header(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8")
                .header(HeaderNames.CACHE_CONTROL, "no-store")
                .header(HeaderNames.create("content-security-policy"), POLICY)
                .header(HeaderNames.create("referrer-policy"), "same-origin")
                .header(HeaderNames.create("x-content-type-options"), "nosniff")
                .send(page.toByteArray());
    }

    private void loginForm(ServerRequest request, ServerResponse response) {
        loginForm(response, 200, request.query().first("next").orElse(""), "");
    }

    private void loginForm(ServerResponse response, int status, String next, String problem) {
        Visitor nobody = new Visitor("", false, false, "");
        Frame frame = new Frame("Log in", "", "", List.of(), nobody, false, "");
        render(response, status, frame, "login", new Login(next, problem));
    }

    /** What the template of the login shows. */
    record Login(String next, String problem) {}

    private void login(ServerRequest request, ServerResponse response) {
        guarded(request, response, () -> {
            Ask ask = Ask.post(request, new Visitor("", false, false, ""));
            String next = ask.field("next");
            if (doorman.login(request, response, ask.field("name"), ask.field("token"))
                    .isEmpty()) {
                loginForm(response, 403, next, "That token is nobody's.");
                return;
            }
            redirect(response, next.matches("/console[!-~]*") ? next : "/console");
        });
    }

    private void logout(ServerRequest request, ServerResponse response) {
        guarded(request, response, () -> {
            doorman.logout(request, response);
            redirect(response, "/console/login");
        });
    }

    private static String wanted(ServerRequest request) {
        String query = request.query().rawValue();
        return request.path().rawPath() + (query.isEmpty() ? "" : "?" + query);
    }

    private static void redirect(ServerResponse response, String path) {
        response.status(303).header(HeaderNames.LOCATION, path).send();
    }
}
