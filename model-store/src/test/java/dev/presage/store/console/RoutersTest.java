package dev.presage.store.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutersTest {
    @Test
    void whatTwoRoutersCountedIsAddedUpAndOneThatIsDownIsNamed() throws Exception {
        URI gone;
        try (RouterStub brief = new RouterStub("")) {
            gone = brief.base();
        }
        try (RouterStub one = new RouterStub("sha256-1");
                RouterStub other = new RouterStub("");
                Routers routers = new Routers(List.of(one.base(), gone, other.base()), Optional.empty())) {
            List<Routers.RouterState> states = routers.look();
            assertEquals("sha256-1", states.get(0).bundle());
            assertEquals(3, states.get(0).endpoints());
            assertEquals("nothing listens there", states.get(1).problem());
            assertEquals(new Routers.Spent(50.0, 450.0, 2_500.0), states.get(2).spent());

            ObjectivesPage page = new ObjectivesPage(routers);
            Ask ask = new Ask(new Visitor("", false, false, ""), Map.of(), Map.of());
            Reply.Shown shown = (Reply.Shown) page.list(ask);
            ObjectivesPage.View view = (ObjectivesPage.View) shown.view();
            assertEquals(
                    List.of("batch", "interactive"),
                    view.objectives().stream().map(Routers.Objective::name).toList());
            Routers.Objective batch = view.objectives().getFirst();
            assertEquals(4_000, batch.requests());
            // 2 % of the requests missed, 1 % may.
            assertEquals(-1, batch.budgetLeft(), 1e-9);
            assertEquals(9, batch.rate(batch.burns().getFirst()), 1e-9);
            assertEquals(1, view.down().size());
        }
    }

    /** As a headless Service has them: one name, an address for each pod. */
    @Test
    void aNameOfSeveralAddressesIsARouterAtEach() throws Exception {
        try (RouterStub stub = new RouterStub("sha256-1");
                Routers routers = new Routers(
                        List.of(URI.create("http://chat-epp-pods:" + stub.base().getPort())),
                        Optional.empty(),
                        host -> new InetAddress[] {
                            InetAddress.getByName("127.0.0.1"),
                            InetAddress.getByName("127.0.0.2"),
                            InetAddress.getByName("::1")
                        })) {
            List<Routers.RouterState> states = routers.look();
            assertEquals(
                    List.of("127.0.0.1", "127.0.0.2"),
                    states.stream().map(state -> state.base().getHost()).toList());
            assertEquals("sha256-1", states.getFirst().bundle());
        }
    }

    @Test
    void aTokenThatCannotBeReadIsNamed(@TempDir Path directory) throws Exception {
        Path token = directory.resolve("token");
        try (RouterStub stub = new RouterStub("sha256-1");
                Routers routers = new Routers(List.of(stub.base()), Optional.of(token))) {
            assertEquals(
                    "no token to show: cannot read " + token,
                    routers.look().getFirst().problem());
            Files.writeString(token, "renewed\n");
            assertEquals("", routers.look().getFirst().problem());
        }
    }

    @Test
    void anAddressThatIsNoneIsRefused() {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class,
                () -> new Routers(List.of(URI.create("router:9090")), Optional.empty()));
        String problem = String.valueOf(refusal.getMessage());
        assertTrue(problem.contains("'router:9090' must be http://HOST:PORT"), problem);
    }
}
