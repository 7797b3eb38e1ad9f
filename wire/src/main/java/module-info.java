/**
 * Bytes and values: bencode, metainfo, peer messages, tracker messages and those of the DHT.
 *
 * <p>Everything here is a pure function of its input. A decoder never throws on what a stranger sent; it answers with a
 * {@link dev.spate.wire.Decoding}.
 */
@org.jspecify.annotations.NullMarked
module dev.spate.wire {
    requires static org.jspecify;

    exports dev.spate.wire;
    exports dev.spate.wire.bencode;
    exports dev.spate.wire.dht;
    exports dev.spate.wire.lsd;
    exports dev.spate.wire.metainfo;
    exports dev.spate.wire.peer;
    exports dev.spate.wire.tracker;
}
