package dev.presage.store.console;

import dev.presage.store.service.StoreAccess;
import io.helidon.http.HeaderNames;
import io.helidon.http.SetCookie;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Says who a visitor is and whether a form came from a page of this console. A token is asked for once and then stands for a cookie; without token
 * files whoever sits at the store's own machine is an operator, as on the command line. Thread-safe.
 */
final class Doorman {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final int MAX_NAME = 100;

    private final StoreAccess access;
    private final Sessions sessions;
    private final Supplier<URI> base;

    /** {@code base} is where others reach the store. */
    Doorman(StoreAccess access, Sessions sessions, Supplier<URI> base) {
        this.access = access;
        this.sessions = sessions;
        this.base = base;
    }

    /** Whether tokens are asked for. */
    boolean asksForTokens() {
        return !(access instanceof StoreAccess.LoopbackOnly);
    }

    /** Who asks; empty when they must log in first. Gives operators what their forms need. */
    Optional<Visitor> admit(ServerRequest request, ServerResponse response) {
        Optional<Sessions.Session> session = session(request);
        boolean operator = session.filter(Sessions.Session::operator).isPresent()
                || (operatesHere(request) && allows(StoreAccess.Role.OPERATOR, request, authorization(request)));
        if (operator) {
            Sessions.Session known = session.orElseGet(() -> opened(
                    request, response, access.identity(authorization(request)).orElse(""), false));
            return Optional.of(new Visitor(
                    known.name(),
                    true,
                    session(request).filter(Sessions.Session::operator).isPresent(),
                    sessions.csrf(known)));
        }
        if (session.isEmpty() && !allows(StoreAccess.Role.VIEWER, request, authorization(request))) {
            return Optional.empty();
        }
        return Optional.of(new Visitor(session.map(Sessions.Session::name).orElse(""), false, session.isPresent(), ""));
    }

    /** Refuses a form that another site's page, or another visitor's, may have sent. */
    void requireOwnForm(ServerRequest request, Visitor visitor, String csrf) {
        requireOwnPage(request);
        if (!visitor.operator() || visitor.csrf().isEmpty()) {
            throw new ConsoleException(403, "Only operators may change a pool");
        }
        if (!Sessions.same(visitor.csrf(), csrf)) {
            throw new ConsoleException(403, "The form is not from your session. Open the page again and repeat.");
        }
    }

    /** Browsers name the page's origin with every POST; nothing else may post here. */
    void requireOwnPage(ServerRequest request) {
        String origin = request.headers().first(HeaderNames.ORIGIN).orElse("");
        String host = host(request);
        boolean own = origin.equals("http://" + host)
                || origin.equals("https://" + host)
                || origin.equals(base.get().getScheme() + "://" + base.get().getRawAuthority());
        if (!own) {
            throw new ConsoleException(403, "Forms are taken from the console's own pages only");
        }
    }

    /** Trades a token for a session; empty when it is nobody's. */
    Optional<Visitor> login(ServerRequest request, ServerResponse response, String name, String token) {
        requireOwnPage(request);
        if (name.isBlank() || name.length() > MAX_NAME) {
            throw new ConsoleException(400, "Your name must have 1 to " + MAX_NAME + " characters");
        }
        boolean operator = allows(StoreAccess.Role.OPERATOR, request, "Bearer " + token);
        if (!operator && !allows(StoreAccess.Role.VIEWER, request, "Bearer " + token)) {
            return Optional.empty();
        }
        // A token that says whose it is counts more than what was typed.
        String known = access.identity("Bearer " + token).orElse(name.strip());
        Sessions.Session session = opened(request, response, known, operator);
        return Optional.of(new Visitor(known, operator, true, sessions.csrf(session)));
    }

    void logout(ServerRequest request, ServerResponse response) {
        requireOwnPage(request);
        cookie(request, response, "", Duration.ZERO);
    }

    /**
     * Tokens name their bearer wherever the page came from. Where the machine is the border, a name that resolves to it (DNS rebinding) must not
     * make another site's page the console's own.
     */
    private boolean operatesHere(ServerRequest request) {
        if (asksForTokens()) {
            return true;
        }
        String host = host(request);
        String name = host.substring(
                0, host.lastIndexOf(':') > host.lastIndexOf(']') ? host.lastIndexOf(':') : host.length());
        return LOOPBACK.contains(name) || host.equals(base.get().getRawAuthority());
    }

    private boolean allows(StoreAccess.Role role, ServerRequest request, String authorization) {
        InetAddress client = request.remotePeer().address() instanceof InetSocketAddress address
                ? address.getAddress()
                : InetAddress.ofLiteral("0.0.0.0");
        return access.check(role, client, authorization, false).isEmpty();
    }

    private Optional<Sessions.Session> session(ServerRequest request) {
        return request.headers().cookies().first(Sessions.COOKIE).asOptional().flatMap(sessions::read);
    }

    private Sessions.Session opened(ServerRequest request, ServerResponse response, String name, boolean operator) {
        Sessions.Session session = sessions.open(name, operator);
        cookie(request, response, session.value(), Sessions.LIFE);
        return session;
    }

    private void cookie(ServerRequest request, ServerResponse response, String value, Duration life) {
        response.headers()
                .addCookie(SetCookie.builder(Sessions.COOKIE, value)
                        .path("/console")
                        .httpOnly(true)
                        .sameSite(SetCookie.SameSite.STRICT)
                        .secure(request.isSecure() || "https".equals(base.get().getScheme()))
                        .maxAge(life)
                        .build());
    }

    private static String authorization(ServerRequest request) {
        return request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
    }

    private static String host(ServerRequest request) {
        return request.headers().first(HeaderNames.HOST).orElse("");
    }
}
