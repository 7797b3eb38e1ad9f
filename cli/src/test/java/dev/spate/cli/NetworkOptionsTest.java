package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.core.choke.ChokeStrategy;
import dev.spate.core.choke.Trading;
import dev.spate.engine.AddOptions;
import dev.spate.engine.SessionSettings;
import dev.spate.engine.dht.Dht;
import dev.spate.wire.HostPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Who takes part in the DHT and in local discovery, and who deals with the peers that were named alone. */
class NetworkOptionsTest {

    private static SessionSettings of(String... arguments) throws CommandFailure {
        return parsed(arguments).passing(NetworkOptions.Part.DOWNLOAD);
    }

    private static NetworkOptions parsed(String... arguments) {
        NetworkOptions options = new NetworkOptions();
        new CommandLine(options)
                .registerConverter(HostPort.class, Addresses::parse)
                .parseArgs(arguments);
        return options;
    }

    @Test
    void whoeverNamesPeersAndWantsNoTrackerDealsWithThemAlone() throws CommandFailure {
        NetworkOptions alone = parsed("--peer", "192.0.2.1:6881", "--no-tracker");
        AddOptions options = AddOptions.into(Path.of("x"));

        assertThat(alone.passing(NetworkOptions.Part.DOWNLOAD).dht()).isEmpty();
        assertThat(alone.passing(NetworkOptions.Part.DOWNLOAD).localDiscovery()).isFalse();
        assertThat(alone.applyTo(options, NetworkOptions.Part.DOWNLOAD).exclusive())
                .isTrue();
        assertThat(alone.passing(NetworkOptions.Part.SEED).dht()).isPresent();
        assertThat(alone.applyTo(options, NetworkOptions.Part.SEED).exclusive()).isFalse();
        for (String[] other : List.of(
                new String[] {"--peer", "192.0.2.1:6881"},
                new String[] {"--no-tracker"},
                new String[] {"--peer", "192.0.2.1:6881", "--no-tracker", "--lsd"},
                new String[] {"--peer", "192.0.2.1:6881", "--no-tracker", "--dht-node", "192.0.2.1:1"})) {
            assertThat(parsed(other)
                            .applyTo(options, NetworkOptions.Part.DOWNLOAD)
                            .exclusive())
                    .isFalse();
            assertThat(parsed(other).passing(NetworkOptions.Part.DOWNLOAD).dht())
                    .isPresent();
        }
    }

    @Test
    void isFoundByOthersUnlessItIsToldOtherwise() throws CommandFailure {
        assertThat(of().dht()).isEqualTo(Optional.of(Dht.ROUTERS));
        assertThat(of().localDiscovery()).isTrue();
        assertThat(of("--no-dht").dht()).isEmpty();
        assertThat(of("--no-lsd").localDiscovery()).isFalse();
        assertThat(of("--dht-node", "192.0.2.1:6881").dht())
                .isEqualTo(Optional.of(List.of(new HostPort("192.0.2.1", 6881))));
    }

    @Test
    void isAloneWhenItListensAtThisMachineOnly() throws CommandFailure {
        assertThat(of("--listen", "127.0.0.1:0", "--listen", "[::1]:0").dht()).isEqualTo(Optional.of(List.of()));
        assertThat(of("--listen", "127.0.0.1:0").localDiscovery()).isFalse();
        assertThat(of("--listen", "127.0.0.1:0", "--lsd").localDiscovery()).isTrue();
        assertThat(of("--listen", "127.0.0.1:0", "--listen", "192.0.2.1:0").dht())
                .isEqualTo(Optional.of(Dht.ROUTERS));
    }

    @Test
    void goesAroundNoProxy() throws CommandFailure {
        String proxy = "socks5://127.0.0.1:1080";
        assertThat(of("--proxy", proxy).dht()).isEmpty();
        assertThat(of("--proxy", proxy).localDiscovery()).isFalse();
        assertThatThrownBy(() -> of("--proxy", proxy, "--lsd")).hasMessageContaining("proxy");
        assertThatThrownBy(() -> of("--proxy", proxy, "--dht-node", "192.0.2.1:1"))
                .hasMessageContaining("proxy");
        assertThatThrownBy(() -> of("--no-dht", "--dht-node", "192.0.2.1:1")).hasMessageContaining("--no-dht");
    }

    @Test
    void knowsTheRulesOfChokingByName() {
        assertThat(ChokingNames.trading("tit-for-tat")).isEqualTo(Trading.TIT_FOR_TAT);
        assertThat(ChokingNames.trading("bittyrant")).isEqualTo(Trading.BIT_TYRANT);
        assertThat(ChokingNames.trading("propshare")).isEqualTo(Trading.PROP_SHARE);
        assertThat(ChokingNames.seeding("round-robin")).isEqualTo(ChokeStrategy.ROUND_ROBIN);
        assertThat(ChokingNames.seeding("fastest-upload")).isEqualTo(ChokeStrategy.FASTEST_UPLOAD);
        assertThat(ChokingNames.seeding("anti-leech")).isEqualTo(ChokeStrategy.ANTI_LEECH);
        assertThatThrownBy(() -> of("--trading", "leeching"))
                .hasMessageContaining("tit-for-tat, bittyrant and propshare");
        assertThatThrownBy(() -> of("--seeding", "leeching")).hasMessageContaining("round-robin, fastest-upload");
    }
}
