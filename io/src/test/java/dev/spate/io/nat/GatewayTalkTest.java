package dev.spate.io.nat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.io.nat.Mapping.Method;
import dev.spate.io.nat.Wanted.Transport;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The conversation with a gateway that the test plays, under a clock that the test moves; bytes as in RFC 6886 and RFC 6887. */
class GatewayTalkTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Wanted TCP = new Wanted(Transport.TCP, 6881);
    private static final Wanted UDP = new Wanted(Transport.UDP, 6881);

    private long now = 77 * SECOND;
    private final GatewayTalk talk =
            new GatewayTalk(List.of(TCP, UDP), InetAddress.ofLiteral("192.168.1.7"), new Random(1), now);

    private List<String> sent() {
        List<String> all = new ArrayList<>();
        for (ByteBuffer next = talk.poll(); next != null; next = talk.poll()) {
            byte[] bytes = new byte[next.remaining()];
            next.get(bytes);
            all.add(HexFormat.of().formatHex(bytes));
        }
        return all;
    }

    private void hear(String hex) {
        talk.received(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))), now);
        talk.timeout(now);
    }

    private void pass(Duration time) {
        long end = now + time.toNanos();
        while (talk.deadline() <= end) {
            now = talk.deadline();
            talk.timeout(now);
        }
        now = end;
    }

    /** RFC 6887, section 11.1: an answer that grants what a request asked for, at another port. */
    private static String granted(String request, int lifetime, int epoch, int port) {
        return "02810000%08x%08x".formatted(lifetime, epoch) + "0".repeat(24) + request.substring(48, 84)
                + "%04x".formatted(port) + "00000000000000000000ffffcb007109";
    }

    @Test
    void asksByPcpAndIsMapped() {
        List<String> requests = sent();
        assertThat(requests).hasSize(2);
        assertThat(requests.getFirst())
                .hasSize(120)
                .startsWith("02010000" + "00001c20" + "00000000000000000000ffffc0a80107")
                .endsWith("06000000" + "1ae1" + "1ae1" + "00000000000000000000ffff00000000");
        assertThat(requests.getLast()).contains("11000000" + "1ae1");

        hear(granted(requests.getFirst(), 7200, 100, 6881));
        hear(granted(requests.getLast(), 7200, 100, 40_000));

        InetAddress outside = InetAddress.ofLiteral("203.0.113.9");
        assertThat(talk.mappings())
                .containsExactly(
                        new Mapping(TCP, Method.PCP, outside, 6881, ""),
                        new Mapping(UDP, Method.PCP, outside, 40_000, ""));
        assertThat(sent()).isEmpty();
        assertThat(talk.isDeaf()).isFalse();
    }

    @Test
    void renewsHalfwayAndLapsesInSilence() {
        List<String> requests = sent();
        hear(granted(requests.getFirst(), 1000, 100, 6881));
        hear(granted(requests.getLast(), 1000, 100, 6881));
        pass(Duration.ofSeconds(499));
        assertThat(sent()).isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(sent()).hasSize(2);
        hear(granted(requests.getFirst(), 1000, 600, 6881));
        pass(Duration.ofMinutes(15));
        assertThat(talk.mappings().getFirst().isMapped()).isTrue();
        assertThat(talk.mappings().getLast().isMapped()).isFalse();
        assertThat(talk.mappings().getLast().trouble()).contains("does not answer");
    }

    @Test
    void fallsBackToNatPmp() {
        sent();
        // RFC 6886, section 3.5: version 0, result 1, unsupported version.
        hear("00810001 00000010");
        assertThat(sent()).containsExactly("000200001ae11ae100001c20", "000100001ae11ae100001c20", "0000");
        hear("00800000 00000010 cb007109");
        hear("00820000 00000010 1ae1 1ae2 00001c20");
        assertThat(talk.mappings().getFirst())
                .isEqualTo(new Mapping(TCP, Method.NAT_PMP, InetAddress.ofLiteral("203.0.113.9"), 6882, ""));
    }

    @Test
    void asksByNatPmpAsWellWhoSaysNothingToPcp() {
        pass(Duration.ofMillis(800));
        assertThat(sent()).contains("0000");
        hear("00800000 00000010 cb007109");
        assertThat(sent()).contains("000200001ae11ae100001c20");
    }

    @Test
    void nobodyThereIsNoticedSoon() {
        pass(Duration.ofMillis(3700));
        assertThat(talk.isDeaf()).isFalse();
        pass(Duration.ofMillis(100));
        assertThat(talk.isDeaf()).isTrue();
        assertThat(sent().stream().filter(datagram -> datagram.startsWith("02")))
                .hasSize(2 * GatewayTalk.TRIES);
    }

    @Test
    void aRefusalIsToldAndTriedAgainLater() {
        String request = sent().getFirst();
        hear("02810002" + granted(request, 0, 100, 0).substring(8));
        assertThat(talk.mappings().getFirst().trouble()).contains("not permit");
        pass(Duration.ofMinutes(4));
        sent();
        pass(Duration.ofMinutes(1));
        assertThat(sent()).anyMatch(datagram -> datagram.contains("060000001ae1"));
    }

    @Test
    void aGatewayThatWasRestartedIsAskedForEverythingAnew() {
        List<String> requests = sent();
        hear(granted(requests.getFirst(), 7200, 10_000, 6881));
        hear(granted(requests.getLast(), 7200, 10_001, 6881));
        pass(Duration.ofHours(1));
        assertThat(sent()).hasSize(2);
        hear(granted(requests.getFirst(), 7200, 5, 6881));
        // The answer has mapped one anew; the other one it has lost.
        assertThat(sent()).singleElement().asString().contains("110000001ae1");
    }

    @Test
    void answersToOthersAreNotOurs() {
        String request = sent().getFirst();
        String answer = granted(request, 7200, 1, 6881);
        hear(answer.substring(0, 48) + "ff".repeat(12) + answer.substring(72));
        hear("02810000");
        hear("ffff");
        assertThat(talk.mappings()).noneMatch(Mapping::isMapped);
        assertThat(talk.wasHeard()).isFalse();
    }

    @Test
    void anAnswerWithoutLifeDoesNotMakeUsAskWithoutEnd() {
        String request = sent().getFirst();
        hear(granted(request, 1, 1, 6881));
        pass(Duration.ofSeconds(29));
        assertThat(sent()).noneMatch(datagram -> datagram.contains("060000001ae1"));
    }

    @Test
    void deletesWhatIsMapped() {
        List<String> requests = sent();
        hear(granted(requests.getFirst(), 7200, 1, 6881));
        talk.release();
        assertThat(sent())
                .singleElement()
                .asString()
                .startsWith("0201000000000000")
                .contains("060000001ae1");
    }

    @Test
    void garbleDoesNoHarm() {
        var random = new Random(9);
        for (int round = 0; round < 50_000; round++) {
            byte[] garble = new byte[random.nextInt(70)];
            random.nextBytes(garble);
            if (garble.length > 1) {
                garble[0] = (byte) (random.nextBoolean() ? 2 : 0);
                garble[1] = (byte) (0x80 | random.nextInt(4));
            }
            talk.received(ByteBuffer.wrap(garble), now);
            talk.timeout(now);
            sent();
        }
        assertThat(talk.mappings()).hasSize(2);
    }
}
