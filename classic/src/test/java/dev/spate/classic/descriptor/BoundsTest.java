package dev.spate.classic.descriptor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.PeerAddress;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Everything that a node remembers, up to its bound. */
class BoundsTest {
    private static final HashKey KEY = HashKey.of("13");
    private static final long SECOND = 1_000_000_000L;

    private static PeerAddress host(int number) {
        return PeerAddress.of(new byte[] {9, (byte) (number >> 16), (byte) (number >> 8), (byte) number}, 9000);
    }

    @Test
    void tenKeysHaveTheirBuckets() {
        PeerTable table = new PeerTable();
        for (int i = 0; i < PeerTable.BUCKETS; i++) {
            HashKey key = HashKey.of("key " + i);
            assertThat(table.open(key)).isTrue();
            assertThat(table.put(key, host(i), 0)).isNotNull();
        }
        assertThat(table.open(KEY)).isFalse();
        assertThat(table.put(KEY, host(1), 0)).isNull();
        assertThat(table.find(KEY, host(1))).isNull();
        for (int i = 0; i < PeerTable.BUCKETS; i++) {
            HashKey key = HashKey.of("key " + i);
            assertThat(table.open(key)).isTrue();
            assertThat(table.peers(key)).extracting(peer -> peer.address).containsExactly(host(i));
        }
    }

    @Test
    void aKeyHasSoManyPeersOfWhichFewAreUnproven() {
        PeerTable table = new PeerTable();
        table.open(KEY);
        for (int i = 0; i < 100; i++) {
            table.put(KEY, host(i), 0);
        }
        assertThat(table.peers(KEY)).hasSize(PeerTable.MAX_UNPROVEN);
        for (int i = 1000; i < 2000; i++) {
            Peer peer = table.put(KEY, host(i), 0);
            if (peer != null) {
                peer.proven = true;
            }
        }
        assertThat(table.peers(KEY)).hasSize(PeerTable.MAX_PEERS);
        assertThat(table.put(KEY, host(5000), 0)).isNull();
        table.remove(KEY, table.proven(KEY).getFirst().address);
        assertThat(table.put(KEY, host(5000), 0)).isNotNull();
    }

    @Test
    void oneHostHasSoManyPeers() {
        PeerTable table = new PeerTable();
        table.open(KEY);
        for (int port = 1; port < 100; port++) {
            Peer peer = table.put(KEY, host(1).withPort(port), 0);
            if (peer != null) {
                peer.proven = true;
            }
        }
        assertThat(table.peers(KEY)).hasSize(PeerTable.MAX_OF_A_HOST);
    }

    @Test
    void walksAreSeenOnceAndForgottenInTime() {
        SeenWalks seen = new SeenWalks();
        assertThat(seen.note(host(1), KEY, 5, 0)).isTrue();
        assertThat(seen.note(host(1), KEY, 5, 59 * SECOND)).isFalse();
        assertThat(seen.note(host(1), KEY, 6, 0)).isTrue();
        assertThat(seen.note(host(2), KEY, 5, 0)).isTrue();
        assertThat(seen.note(host(1), KEY, 5, 60 * SECOND)).isTrue();
        assertThat(seen.note(host(1), KEY, 0, 0)).isTrue();
        assertThat(seen.note(host(1), KEY, 0, 3 * SECOND)).isFalse();
        assertThat(seen.note(host(1), KEY, 0, 4 * SECOND)).isTrue();
        for (int i = 0; i < 2 * SeenWalks.MAX; i++) {
            seen.note(host(i), KEY, 9, 0);
        }
        assertThat(seen.size()).isEqualTo(SeenWalks.MAX);
        assertThat(seen.note(host(0), KEY, 9, 0)).as("the oldest is forgotten").isTrue();
    }

    @Test
    void eachAddressHasItsAllowanceAndAllTogetherToo() {
        Allowance allowance = new Allowance(2, 3, 10, 4, 0);
        assertThat(allowance.allows(host(1), 0)).isTrue();
        assertThat(allowance.allows(host(1).withPort(1), 0)).isTrue();
        assertThat(allowance.allows(host(1), 0)).isTrue();
        assertThat(allowance.allows(host(1), 0)).isFalse();
        assertThat(allowance.allows(host(1), SECOND / 2)).isTrue();
        assertThat(allowance.allows(host(1), SECOND / 2)).isFalse();
        int allowed = 0;
        for (int i = 0; i < 1000; i++) {
            allowed += allowance.allows(host(100 + i), 10 * SECOND) ? 1 : 0;
        }
        assertThat(allowed).isEqualTo(10);
        assertThat(allowance.sources()).isEqualTo(4);
        PeerAddress loopback = OriginalNode.address("127.0.0.1", 1);
        for (int port = 1; port < 6; port++) {
            assertThat(allowance.allows(loopback.withPort(port), 20 * SECOND)).isTrue();
        }
    }

    @Test
    void tokensAreGoodForTheirAddressAndForAWhile() {
        Tokens tokens = new Tokens(new SplittableRandom(1));
        long token = tokens.tokenFor(host(1), 0);
        assertThat(tokens.isGood(host(1), token, 0)).isTrue();
        assertThat(tokens.isGood(host(1), token, 700 * SECOND)).isTrue();
        assertThat(tokens.isGood(host(1), token, 1300 * SECOND)).isFalse();
        assertThat(tokens.isGood(host(2), token, 0)).isFalse();
        assertThat(tokens.isGood(host(1).withPort(1), token, 0)).isFalse();
    }

    @Test
    void soManyCallsWait() {
        Post post = new Post(NodeSettings.DEFAULTS, host(0), null, new SplittableRandom(1));
        Calls calls = new Calls(post);
        int[] silent = {0};
        Calls.Ending ending = new Calls.Ending() {
            @Override
            public void answered(Message.Reply reply, long now) {}

            @Override
            public void silent(long now) {
                silent[0]++;
            }
        };
        for (int i = 0; i < Calls.MAX_OPEN; i++) {
            assertThat(calls.call(host(i), post.call(Method.PING, 0), 1, ending, 0))
                    .isTrue();
        }
        assertThat(calls.call(host(1), post.call(Method.PING, 0), 1, ending, 0)).isFalse();
        calls.timeout(10 * SECOND);
        assertThat(silent[0]).isEqualTo(Calls.MAX_OPEN);
        assertThat(calls.size()).isZero();
        assertThat(calls.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void soManyCandidatesAreLookedAt() {
        Post post = new Post(
                NodeSettings.DEFAULTS, host(0), new Membership(KEY, null, 0, PeerState.LEECH), new SplittableRandom(1));
        Calls calls = new Calls(post);
        PeerTable table = new PeerTable();
        table.open(KEY);
        Joining joining = new Joining(post, calls, table);
        for (int i = 1; i < 1000; i++) {
            joining.found(List.of(new ListedPeer(host(i), PeerState.SEED)), host(1), 0);
        }
        assertThat(joining.named()).isEqualTo(Joining.MAX_CANDIDATES);
        assertThat(calls.size()).isEqualTo(Joining.MAX_AT_WORK);
    }

    @Test
    void theNearestNeighbourIsAskedFirstAndTheSilentComeLast() {
        List<PeerAddress> all = List.of(host(1), host(2), host(3), host(4));
        Neighbours neighbours = new Neighbours(all, host(9), new SplittableRandom(1));
        List<PeerAddress> sorted = neighbours.nearest(KEY, host(9), host(9), 0);
        PeerAddress nearest = sorted.getFirst();
        assertThat(sorted).containsExactlyInAnyOrderElementsOf(all);
        assertThat(neighbours.nearest(KEY, host(9), host(9), 0)).startsWith(nearest);
        assertThat(neighbours.nearest(KEY, nearest, sorted.get(2), 0))
                .containsExactlyInAnyOrder(sorted.get(1), sorted.get(3));
        neighbours.silent(nearest, 0);
        assertThat(neighbours.nearest(KEY, host(9), host(9), 0)).endsWith(nearest);
        assertThat(neighbours.tries(nearest, 3)).isEqualTo(1);
        neighbours.heard(nearest, true);
        assertThat(neighbours.nearest(KEY, host(9), host(9), 0)).startsWith(nearest);
        assertThat(neighbours.tries(nearest, 3)).isEqualTo(3);
    }
}
