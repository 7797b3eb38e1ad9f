package dev.spate.core.choke;

import java.util.Optional;

/** By what rule we trade while we download; a seed has nothing to trade, and goes by its {@link ChokeStrategy}. */
public enum Trading {
    /** BEP 3's four slots, by {@link Choker} and {@link ChokeStrategy#LEECHING}; the default. */
    TIT_FOR_TAT,
    /** To each as little as makes it give, and to as many as that pays for: {@link BitTyrant}. */
    BIT_TYRANT,
    /** To each its part of what we got: {@link PropShare}. */
    PROP_SHARE;

    /** Who trades by this rule and has seen nothing yet; empty for {@link #TIT_FOR_TAT}, which remembers nothing. */
    public Optional<Trader> begin() {
        return switch (this) {
            case TIT_FOR_TAT -> Optional.empty();
            case BIT_TYRANT -> Optional.of(BitTyrant.NEW);
            case PROP_SHARE -> Optional.of(PropShare.NEW);
        };
    }
}
