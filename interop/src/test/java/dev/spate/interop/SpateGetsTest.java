package dev.spate.interop;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each real client seeds each payload, and Spate gets it: {@code spate get --peer ... --no-tracker}. */
class SpateGetsTest {

    @RegisterExtension
    final Workshop workshop = new Workshop();

    static Stream<Arguments> everyClientWithEveryPayload() {
        return RealClient.all().stream()
                .flatMap(client -> Payload.all().stream().map(payload -> Arguments.of(client, payload)));
    }

    @ParameterizedTest(name = "{1} from {0}")
    @MethodSource("everyClientWithEveryPayload")
    void gets(RealClient client, Payload payload) throws Exception {
        Torrent torrent = workshop.torrent(payload);
        Workshop.Peer seed = workshop.seed(client, torrent);
        Workshop.Peer spate =
                workshop.spateGet(torrent, workshop.folder("got"), "--no-tracker", "--peer", seed.address());

        workshop.awaitGot(spate, torrent);
    }
}
