package dev.spate.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A tracker with a public address sends us to services of our own machine and of our network; none of them is knocked at. What it
 * redirects to itself is followed.
 */
class PublicTrackerTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final String PUBLIC = "11.0.0.1";

    /** Redirects by the first part of the path, and answers the rest; prints each path. */
    private static final String TRACKER = """
            import http.server
            class Tracker(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    path = self.path.split('?')[0]
                    print('asked', path, flush=True)
                    query = self.path[len(path):]
                    to = {'/loopback': '127.0.0.1:9000', '/named': 'localhost:9000', '/mapped': '[::ffff:127.0.0.1]:9000',
                          '/any': '0.0.0.0:9000', '/network': '%s:9000', '/self': '%s:8000'}.get(path)
                    if to:
                        self.send_response(302)
                        self.send_header('Location', 'http://' + to + '/announce' + query)
                        self.end_headers()
                    else:
                        self.send_response(200)
                        self.end_headers()
                        self.wfile.write(b'd8:intervali1800e5:peers0:e')
                def log_message(self, *arguments):
                    pass
            print('ready', flush=True)
            http.server.HTTPServer(('%s', 8000), Tracker).serve_forever()
            """.formatted(Namespaces.NEIGHBOUR, PUBLIC, PUBLIC);

    /** A service that is nobody else's business; says so when somebody knocks, and answers then. */
    private static final String SERVICE = """
            import socket
            service = socket.create_server(('0.0.0.0', 9000))
            print('ready', flush=True)
            while True:
                caller, _ = service.accept()
                print('knocked', flush=True)
                caller.send(b'!')
            """;

    @RegisterExtension
    final Workshop workshop = new Workshop();

    @Test
    void itCannotSendUsToServicesOfOurOwn() throws Exception {
        try (Namespaces world = Namespaces.make()) {
            run(world.outside("ip", "addr", "add", PUBLIC + "/32", "dev", "lo"));
            Program tracker = python(world.outside(), "tracker", TRACKER);
            Program ours = python(world.inside(), "ours", SERVICE);
            Program neighbours = python(world.outside(), "neighbours", SERVICE);

            Program spate = workshop.start("spate", get(world), workshop.folder("spate"));
            Waiting.until(() -> tracker.output().contains("asked /announce"), LIMIT, spate::tail);
            spate.mustBeAlive();
            assertThat(tracker.output()).contains("/loopback", "/named", "/mapped", "/any", "/network", "/self");
            // They are served in the order of coming, so when this knock is answered it is the first.
            knock(world.inside(), "127.0.0.1");
            knock(world.outside(), Namespaces.NEIGHBOUR);
            assertThat(ours.output()).containsOnlyOnce("knocked");
            assertThat(neighbours.output()).containsOnlyOnce("knocked");
        }
    }

    private static void knock(List<String> place, String address) throws Exception {
        List<String> command = new ArrayList<>(place);
        String script = "import socket; socket.create_connection(('" + address + "', 9000)).recv(1)";
        command.addAll(List.of("/usr/bin/python3", "-c", script));
        run(command);
    }

    private Program python(List<String> place, String name, String script) throws Exception {
        Path home = workshop.folder(name);
        List<String> command = new ArrayList<>(place);
        command.addAll(List.of(
                "/usr/bin/python3",
                Files.writeString(home.resolve("it.py"), script).toString()));
        Program program = workshop.start(name, command, home);
        Waiting.until(() -> program.output().contains("ready"), LIMIT, program::tail);
        return program;
    }

    /** A magnet link of a torrent that nobody has, whose trackers are asked one after the other as long as they fail (BEP 12). */
    private List<String> get(Namespaces world) throws Exception {
        var link = new StringBuilder("magnet:?xt=urn:btih:" + "ab".repeat(20));
        for (String path : List.of("loopback", "named", "mapped", "any", "network", "self")) {
            link.append("&tr=").append(URLEncoder.encode("http://" + PUBLIC + ":8000/" + path, StandardCharsets.UTF_8));
        }
        return world.inside(
                RealClient.module().resolveSibling("spate").toString(),
                "get",
                link.toString(),
                "-o",
                workshop.folder("got").toString(),
                "--no-dht",
                "--state",
                workshop.folder("state").toString());
    }

    private static void run(List<String> command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
