package dev.spate.core.choke;

/**
 * To whom we give, in both halves of a torrent's life.
 *
 * @param trading the rule while we want something ourselves
 * @param seeding by what peers are ranked once we want nothing more; not {@link ChokeStrategy#LEECHING}
 */
public record Choking(Trading trading, ChokeStrategy seeding) {

    /** BEP 3's tit for tat, then everybody in turn. */
    public static final Choking DEFAULT = new Choking(Trading.TIT_FOR_TAT, ChokeStrategy.ROUND_ROBIN);

    public Choking {
        if (seeding == ChokeStrategy.LEECHING) {
            throw new IllegalArgumentException("a seed does not rank by what it gets");
        }
    }

    public Choking withTrading(Trading rule) {
        return new Choking(rule, seeding);
    }

    public Choking withSeeding(ChokeStrategy strategy) {
        return new Choking(trading, strategy);
    }
}
