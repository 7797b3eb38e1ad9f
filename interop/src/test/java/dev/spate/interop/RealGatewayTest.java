package dev.spate.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A real gateway, miniupnpd, maps the port of a Spate behind it: its rules lead from outside to the Spate, and when the Spate ends
 * they are gone.
 */
class RealGatewayTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String OUTER = "11.0.0.1";

    private static final String RULES = """
            table inet filter {
              chain forward {
                type filter hook forward priority 0; policy accept;
                jump miniupnpd
              }
              chain miniupnpd {
              }
              chain prerouting {
                type nat hook prerouting priority -100; policy accept;
                jump prerouting_miniupnpd
              }
              chain postrouting {
                type nat hook postrouting priority 100; policy accept;
                jump postrouting_miniupnpd
              }
              chain prerouting_miniupnpd {
              }
              chain postrouting_miniupnpd {
              }
            }
            """;

    @RegisterExtension
    final Workshop workshop = new Workshop();

    /** With NAT-PMP switched off in the gateway UPnP is what is left. */
    @ParameterizedTest(name = "NAT-PMP and PCP: {0}")
    @CsvSource({"yes, PCP MAP", "no, Spate TCP"})
    void thePortIsMappedAndGoesWithTheSpate(String natPmp, String description) throws Exception {
        try (Namespaces world = Namespaces.make()) {
            Path home = workshop.folder("gateway");
            run(world.outside("ip", "link", "add", "wan0", "type", "veth", "peer", "name", "wan1"));
            run(world.outside("ip", "addr", "add", OUTER + "/24", "dev", "wan0"));
            run(world.outside("ip", "link", "set", "wan0", "up"));
            run(world.outside("ip", "link", "set", "wan1", "up"));
            run(world.outside(
                    "nft", "-f", Files.writeString(home.resolve("rules"), RULES).toString()));
            Program gateway = workshop.start(
                    "miniupnpd",
                    world.outside(
                            "miniupnpd",
                            "-d",
                            "-f",
                            configuration(world, home, natPmp).toString()),
                    home);
            Waiting.until(() -> gateway.output().contains("HTTP listening"), LIMIT, gateway::tail);

            Torrent torrent =
                    Torrent.make(Payload.MULTI_FILE, "http://127.0.0.1:9/announce", workshop.folder("torrent"));
            Program seed = workshop.start("seed", seed(world, torrent), workshop.folder("seed"));
            Waiting.until(() -> seed.output().toLowerCase(Locale.ROOT).contains("seeding"), LIMIT, seed::tail);
            Waiting.until(() -> rules(world, home).contains("dport 6881"), LIMIT, gateway::tail);
            assertThat(gateway.output()).contains(description);

            seed.interrupt();
            assertThat(seed.exitCode(LIMIT)).isNotNegative();
            Waiting.until(() -> !rules(world, home).contains("dport 6881"), LIMIT, gateway::tail);
        }
    }

    private List<String> seed(Namespaces world, Torrent torrent) throws Exception {
        List<String> command = new ArrayList<>(
                world.inside(RealClient.module().resolveSibling("spate").toString()));
        command.addAll(List.of(
                "seed",
                torrent.file().toString(),
                "-o",
                torrent.source().toString(),
                "--listen",
                "0.0.0.0:6881",
                "--no-tracker",
                "--map-port",
                "--state",
                workshop.folder("state").toString()));
        return command;
    }

    private static Path configuration(Namespaces world, Path home, String natPmp) throws Exception {
        return Files.writeString(home.resolve("miniupnpd.conf"), """
                ext_ifname=wan0
                listening_ip=%s
                http_port=5000
                enable_upnp=yes
                enable_natpmp=%s
                secure_mode=yes
                min_lifetime=120
                max_lifetime=86400
                uuid=00000000-0000-0000-0000-000000000001
                upnp_table_name=filter
                upnp_nat_table_name=filter
                upnp_forward_chain=miniupnpd
                upnp_nat_chain=prerouting_miniupnpd
                upnp_nat_postrouting_chain=postrouting_miniupnpd
                allow 1024-65535 0.0.0.0/0 1024-65535
                deny 0-65535 0.0.0.0/0 0-65535
                """.formatted(world.cable(), natPmp));
    }

    private static String rules(Namespaces world, Path home) throws Exception {
        Path listing = home.resolve("listing");
        new ProcessBuilder(world.outside("nft", "list", "ruleset"))
                .redirectOutput(listing.toFile())
                .start()
                .waitFor();
        return Files.readString(listing);
    }

    private static void run(List<String> command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
