package dev.spate.core.choke;

/** By what the choker ranks peers; the first while we download, one of the others once we have all we want. */
public enum ChokeStrategy {
    /** Who sends us most (BEP 3, tit for tat). Snubbed peers get nothing but an optimistic unchoke. */
    LEECHING,
    /**
     * Whose turn it is: a peer keeps its slot for a minute at least and until it got its quota, five minutes at most, then
     * the one that has waited longest follows. Gives every leech its share, the default for a seed.
     */
    ROUND_ROBIN,
    /** To whom we send most (BEP 3: "if a downloader has a complete file, it uses its upload rate"). */
    FASTEST_UPLOAD,
    /**
     * Who has just begun or is almost complete, since both soon give back to the swarm, one as a leech with something to
     * trade, the other as a seed (Chow, Golubchik, Misra: "Improving BitTorrent: A Simple Approach", 2008).
     */
    ANTI_LEECH
}
