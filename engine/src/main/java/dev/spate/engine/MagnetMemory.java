package dev.spate.engine;

import dev.spate.engine.storage.ResumeStore;
import dev.spate.engine.storage.StorageException;
import dev.spate.wire.Decoding;
import dev.spate.wire.HostPort;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.bencode.BencodeDecoder;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeValue;
import dev.spate.wire.bencode.Strictness;
import dev.spate.wire.metainfo.Magnet;
import dev.spate.wire.metainfo.Metainfo;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What can be found out about a magnet link without any peer. Calls block.
 *
 * @param metainfo as it was got in an earlier session
 * @param peers the addresses of the peers that the link names
 */
record MagnetMemory(Optional<Metainfo> metainfo, List<PeerAddress> peers) {

    /** Peers of a link that are looked at. */
    static final int MAX_PEERS = 32;

    /**
     * Looks, and keeps the link if its metadata is not known.
     *
     * @param lookUp whether names may be looked up; never behind a proxy, which they would be seen beside of
     */
    static MagnetMemory of(Magnet magnet, ResumeStore store, boolean lookUp) throws StorageException {
        Optional<Metainfo> metainfo =
                store.loadMetainfo(magnet.infoHash().onTheWire()).flatMap(bytes -> metainfo(bytes, magnet));
        if (metainfo.isEmpty()) {
            store.saveMagnet(magnet.infoHash().onTheWire(), magnet.toString());
        }
        return new MagnetMemory(metainfo, peers(magnet, lookUp));
    }

    /** The trackers of a link, each a tier of its own: nobody says which belong together. */
    static List<List<String>> trackers(Magnet magnet) {
        return magnet.trackers().stream().map(List::of).toList();
    }

    // What peers gave lacks a v2 half's piece layers, so it is no whole metainfo; its info dictionary is what counts.
    private static Optional<Metainfo> metainfo(byte[] bytes, Magnet magnet) {
        return BencodeDecoder.decodePrefix(bytes, Strictness.LENIENT)
                        instanceof Decoding.Decoded<BencodeValue>(BencodeDictionary whole)
                ? whole.dictionary("info")
                        .flatMap(info -> Metainfo.ofInfoDictionary(info.rawBytes(), trackers(magnet))
                                        instanceof Decoding.Decoded<Metainfo>(Metainfo metainfo)
                                ? Optional.of(metainfo)
                                : Optional.empty())
                        .filter(metainfo -> metainfo.infoHash()
                                .onTheWire()
                                .equals(magnet.infoHash().onTheWire()))
                : Optional.empty();
    }

    private static List<PeerAddress> peers(Magnet magnet, boolean lookUp) {
        List<PeerAddress> peers = new ArrayList<>();
        for (HostPort peer : magnet.peers().stream().limit(MAX_PEERS).toList()) {
            address(peer.host(), lookUp).ifPresent(ip -> peers.add(new PeerAddress(ip, peer.port())));
        }
        return peers;
    }

    private static Optional<InetAddress> address(String host, boolean lookUp) {
        try {
            return Optional.of(lookUp ? InetAddress.getByName(host) : InetAddress.ofLiteral(host));
        } catch (UnknownHostException | IllegalArgumentException e) {
            // There are other peers, or none: the link promised nothing.
            return Optional.empty();
        }
    }
}
