/** Moves bytes and knows no BitTorrent. */
@org.jspecify.annotations.NullMarked
module dev.spate.io {
    requires static transitive org.jspecify;
}
