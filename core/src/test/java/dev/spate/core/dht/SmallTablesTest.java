package dev.spate.core.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.wire.Decoding;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.bencode.BencodeInteger;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.dht.Bytes;
import dev.spate.wire.dht.DhtItem;
import dev.spate.wire.dht.KrpcError;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.NodeInfo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The small parts of a node: tokens, limits, votes, items, addresses, state. */
class SmallTablesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final NodeId ID = NodeId.of(new byte[20]);

    /** The reference implementation's vector for 16 bytes, 0 to 15, with the key 0 to 15. */
    @Test
    void hashesAsSipHashDoes() {
        SipHash hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        assertThat(hash.of(0x0706050403020100L, 0x0f0e0d0c0b0a0908L)).isEqualTo(0x3f2acc7f57c29bdbL);
    }

    @Test
    void tokensAreGoodForTwoPeriodsAndOneAddress() throws UnknownHostException {
        InetAddress ours = InetAddress.getByName("198.51.100.1");
        Tokens tokens = new Tokens(new Random(1), 0);
        Bytes token = tokens.tokenFor(ours, 0);
        assertThat(tokens.isGood(token, ours, 0)).isTrue();
        assertThat(tokens.isGood(token, InetAddress.getByName("198.51.100.2"), 0))
                .isFalse();
        assertThat(tokens.isGood(Bytes.EMPTY, ours, 0)).isFalse();
        assertThat(tokens.isGood(token, ours, 2 * Tokens.PERIOD_NANOS - 1)).isTrue();
        assertThat(tokens.isGood(token, ours, 3 * Tokens.PERIOD_NANOS)).isFalse();
        Bytes second = tokens.tokenFor(ours, 3 * Tokens.PERIOD_NANOS);
        assertThat(second).isNotEqualTo(token);
        // Nobody asked for long: the key before is too old as well.
        assertThat(tokens.isGood(second, ours, 10 * Tokens.PERIOD_NANOS)).isFalse();
    }

    @Test
    void aSourceHasItsBurstAndThenItsRate() {
        DhtSettings settings = new DhtSettings(false, 1, 1, 2, 5, DhtSettings.DEFAULTS.version());
        AnswerLimit limit = new AnswerLimit(settings, new Random(1), 0);
        for (int i = 0; i < 5; i++) {
            assertThat(limit.allows(1, 0)).isTrue();
        }
        assertThat(limit.allows(1, 0)).isFalse();
        assertThat(limit.allows(2, 0)).isTrue();
        assertThat(limit.allows(1, SECOND / 2)).isTrue();
        assertThat(limit.allows(1, SECOND / 2)).isFalse();
        assertThat(limit.allows(1, 100 * SECOND)).isTrue();
    }

    @Test
    void aTableOfSourcesIsFullOfTheLatest() {
        SourceTable table = new SourceTable(16, new Random(1), 0);
        for (long source = 0; source < 1000; source++) {
            table.remember(source, 100 + source, 0);
            assertThat(table.moment(source, 0)).isEqualTo(100 + source);
        }
        long remembered = 0;
        for (long source = 0; source < 1000; source++) {
            remembered += table.moment(source, 0) > 0 ? 1 : 0;
        }
        assertThat(remembered).isBetween(8L, 16L);
        assertThat(table.moment(999, 5000)).isEqualTo(5000);
        SourceTable large = new SourceTable(4096, new Random(1), 0);
        for (long source = 0; source < 500; source++) {
            large.remember(source, 100 + source, 0);
        }
        for (long source = 0; source < 500; source++) {
            assertThat(large.moment(source, 0)).as("it grows").isEqualTo(100 + source);
        }
        assertThatThrownBy(() -> new SourceTable(17, new Random(1), 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mostVotersMustAgree() throws UnknownHostException {
        AddressVotes votes = new AddressVotes();
        InetAddress real = InetAddress.getByName("198.51.100.1");
        InetAddress wrong = InetAddress.getByName("198.51.100.9");
        // One voter, however often he votes, is one.
        for (int i = 0; i < 20; i++) {
            assertThat(votes.vote(InetAddress.getByName("192.0.2.200"), wrong)).isEmpty();
        }
        for (int i = 1; i < AddressVotes.QUORUM - 1; i++) {
            assertThat(votes.vote(InetAddress.getByName("192.0.2." + i), real)).isEmpty();
        }
        assertThat(votes.vote(InetAddress.getByName("192.0.2.100"), real)).contains(real);
        for (int i = 0; i < AddressVotes.VOTERS; i++) {
            votes.vote(InetAddress.getByName("203.0.113." + i), wrong);
        }
        // The old votes are forgotten, as we have moved.
        assertThat(votes.vote(InetAddress.getByName("203.0.113.99"), wrong)).contains(wrong);
    }

    @Test
    void itemsAreBoundedAndExpire() {
        ItemStore store = new ItemStore(3);
        List<DhtItem> items = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            items.add(DhtItem.immutable(BencodeInteger.of(i)));
            assertThat(store.put(items.get(i), null, i)).isEmpty();
        }
        assertThat(store.size()).isEqualTo(3);
        assertThat(store.find(items.getFirst().target(), 4)).isNull();
        assertThat(store.find(items.getLast().target(), 4)).isEqualTo(items.getLast());
        store.put(items.get(1), null, 100);
        assertThat(store.find(items.get(2).target(), ItemStore.LIFETIME_NANOS + 50))
                .isNull();
        assertThat(store.find(items.get(1).target(), ItemStore.LIFETIME_NANOS + 50))
                .isEqualTo(items.get(1));
    }

    @Test
    void mutableItemsOnlyGoForward() throws GeneralSecurityException {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        ItemStore store = new ItemStore(3);
        DhtItem.Mutable five = item(keys, 5, "five");
        assertThat(store.put(five, 4L, 0)).as("cas is ignored where nothing is").isEmpty();
        assertThat(store.put(item(keys, 4, "four"), null, 0)).contains(KrpcError.SEQUENCE_TOO_LOW);
        assertThat(store.put(item(keys, 5, "other"), null, 0)).contains(KrpcError.SEQUENCE_TOO_LOW);
        assertThat(store.put(five, null, 10)).as("the same again renews it").isEmpty();
        assertThat(store.put(item(keys, 6, "six"), 4L, 0)).contains(KrpcError.CAS_MISMATCH);
        assertThat(store.put(item(keys, 6, "six"), 5L, 0)).isEmpty();
        assertThat(store.find(five.target(), 11)).isEqualTo(item(keys, 6, "six"));
    }

    private static DhtItem.Mutable item(KeyPair keys, long seq, String text) {
        return DhtItem.Mutable.sign(keys, Bytes.EMPTY, seq, BencodeString.of(text));
    }

    @ParameterizedTest
    @CsvSource({
        "11.0.0.1, 6881, true, true",
        "11.0.0.1, 0, false, false",
        "0.0.0.0, 1, false, false",
        "0.1.2.3, 1, false, false",
        "224.0.0.1, 1, false, false",
        "255.255.255.255, 1, false, false",
        "10.0.0.1, 1, false, true",
        "127.0.0.1, 1, false, true",
        "::, 1, false, false",
        "ff02::1, 1, false, false",
        "fe80::1, 1, false, true",
        "2001:db8::1, 1, true, true"
    })
    void strangersMayNotTellOfPrivateAddresses(String ip, int port, boolean fromStranger, boolean fromNeighbour)
            throws UnknownHostException {
        PeerAddress address = PeerAddress.of(new InetSocketAddress(ip, port));
        assertThat(Addresses.isReachable(address, InetAddress.getByName("11.9.9.9")))
                .isEqualTo(fromStranger);
        assertThat(Addresses.isReachable(address, InetAddress.getByName("192.168.1.1")))
                .isEqualTo(fromNeighbour);
    }

    @Test
    void oneNetworkHasOnePlace() {
        assertThat(Addresses.place(at("2001:db8:0:1::1", 1))).isEqualTo(Addresses.place(at("2001:db8:0:1::2", 2)));
        assertThat(Addresses.place(at("2001:db8:0:1::1", 1))).isNotEqualTo(Addresses.place(at("2001:db8:0:2::1", 1)));
        assertThat(Addresses.place(at("11.0.0.1", 1))).isEqualTo(Addresses.place(at("11.0.0.1", 2)));
        assertThat(Addresses.place(at("127.0.0.1", 1))).isNotEqualTo(Addresses.place(at("127.0.0.1", 2)));
    }

    @Test
    void stateComesBack() {
        DhtState state = new DhtState(
                ID, null, List.of(new NodeInfo(ID, at("11.0.0.1", 1)), new NodeInfo(ID, at("2001:db8::1", 65535))));
        assertThat(DhtState.decode(state.encode())).isEqualTo(new Decoding.Decoded<>(state));
        assertThat(DhtState.decode(DhtState.NEW.encode())).isEqualTo(new Decoding.Decoded<>(DhtState.NEW));
        List<NodeInfo> many = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            many.add(new NodeInfo(ID, MemoryDht.address(i)));
        }
        var some = (Decoding.Decoded<DhtState>) DhtState.decode(new DhtState(ID, ID, many).encode());
        assertThat(some.value().nodes()).hasSize(DhtState.MAX_NODES / 2);
    }

    @ParameterizedTest
    @CsvSource({"''", "de0:", "le", "d3:id4i5ee", "d3:id43:abc6:nodes43:abce", "d3:id4"})
    void damagedStateDoesNoHarm(String bytes) {
        if (DhtState.decode(bytes.getBytes(StandardCharsets.US_ASCII))
                instanceof Decoding.Decoded<DhtState>(DhtState state)) {
            assertThat(state).isEqualTo(DhtState.NEW);
        }
    }

    @Test
    void repeatsAreBounded() {
        Repeats repeats = new Repeats(new Random(1));
        Random random = new Random(2);
        int[] rounds = {0};
        Repeats.Round round = (done, now) -> {
            rounds[0]++;
            done.stored(1, now);
        };
        List<NodeId> keys = new ArrayList<>();
        for (int i = 0; i < Repeats.MAX; i++) {
            keys.add(NodeId.random(random));
            repeats.add(keys.getLast(), 1, round, 900 * SECOND, 0);
        }
        assertThat(rounds[0]).isEqualTo(Repeats.MAX);
        assertThatThrownBy(() -> repeats.add(NodeId.random(random), 1, round, SECOND, 0))
                .isInstanceOf(IllegalStateException.class);
        // Those that are there may be begun anew, any number of times, without anything piling up.
        for (int i = 0; i < 3 * Repeats.MAX; i++) {
            repeats.add(keys.getFirst(), 1, round, 900 * SECOND, 0);
        }
        keys.subList(1, keys.size()).forEach(repeats::remove);
        rounds[0] = 0;
        repeats.begin(repeats.deadline());
        assertThat(rounds[0]).isOne();
        assertThat(repeats.deadline()).isBetween(1620 * SECOND - 100, 1980 * SECOND);
        repeats.remove(keys.getFirst());
        assertThat(repeats.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aRoundThatReachedNobodyIsTriedAgainSoon() {
        Repeats repeats = new Repeats(new Random(1));
        repeats.add(ID, 1, (done, now) -> done.stored(0, now), 900 * SECOND, 0);
        assertThat(repeats.deadline()).isBetween(54 * SECOND, 66 * SECOND);
    }

    @Test
    void aRoundThatReachedNobodyIsTriedAgainAtOnceWhenSomebodyCanBeReached() {
        Repeats repeats = new Repeats(new Random(1));
        int[] rounds = {0, 0};
        repeats.add(ID, 7, (done, now) -> done.stored(rounds[0]++, now), 900 * SECOND, 0);
        repeats.add(NodeId.random(new Random(2)), 8, (done, now) -> done.stored(++rounds[1], now), 900 * SECOND, 0);
        assertThat(repeats.operation(ID)).hasValue(7);
        repeats.hurry(SECOND);
        repeats.hurry(2 * SECOND);
        assertThat(rounds).containsExactly(2, 1);
    }

    private static PeerAddress at(String ip, int port) {
        return PeerAddress.of(new InetSocketAddress(ip, port));
    }
}
