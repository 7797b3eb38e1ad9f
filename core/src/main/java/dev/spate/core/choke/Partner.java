package dev.spate.core.choke;

/**
 * What a {@link Trader} needs to know of one connected peer, beyond what every choker does. Totals are since it was connected.
 *
 * @param seen what every choker looks at
 * @param weInterested whether it has something that we want
 * @param peerChokesUs whether it lets us request nothing
 * @param received payload from it, in bytes
 * @param sent payload to it, in bytes
 * @param held the bytes of the pieces that it has
 */
public record Partner(
        ChokeCandidate seen, boolean weInterested, boolean peerChokesUs, long received, long sent, long held) {

    public Partner {
        if (received < 0 || sent < 0 || held < 0) {
            throw new IllegalArgumentException("negative: received " + received + ", sent " + sent + ", held " + held);
        }
    }

    int peer() {
        return seen.peer();
    }
}
