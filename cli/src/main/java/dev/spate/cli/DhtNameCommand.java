package dev.spate.cli;

import dev.spate.engine.dht.Dht;
import dev.spate.engine.dht.Stored;
import dev.spate.wire.Digest;
import dev.spate.wire.dht.DhtItem;
import dev.spate.wire.dht.TorrentKey;
import java.security.KeyPair;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate dht name}: lets a key name a torrent (BEP 46). */
@Command(
        name = "name",
        mixinStandardHelpOptions = true,
        description = {
            "Lets a key name a torrent, in the place of the one that it named before, and prints a link to the key.",
            "Whoever has the link gets what the key names at that time, with spate get LINK.",
            "The nodes keep it for two hours; with --keep it is stored again until Ctrl-C."
        })
final class DhtNameCommand implements Callable<Integer> {

    @Mixin
    private DhtDoor door;

    @Mixin
    private DhtKey key;

    @Option(names = "--keep", description = "Store it again until Ctrl-C.")
    private boolean keep;

    @Parameters(paramLabel = "TORRENT|HASH", description = "A torrent file, the URL of one, or an info-hash.")
    private String torrent;

    @Override
    public Integer call() throws CommandFailure {
        KeyPair keys = key.pair();
        if (keys == null) {
            throw new CommandFailure(
                    ExitCode.USAGE, "a key is needed", "Give a file with --key; it is made if there is none.");
        }
        Digest infoHash = torrent.matches("\\p{XDigit}{40}")
                ? Digest.ofHex(torrent)
                : TorrentSource.read(torrent).infoHash().onTheWire();
        try (Dht dht = door.join()) {
            Stored stored = door.await(dht.nameTorrent(keys, key.salt(), infoHash));
            TorrentKey link = new TorrentKey(DhtItem.Mutable.publicKey(keys), key.salt());
            return DhtPutCommand.finish(door, dht, stored, link.toString(), keep);
        }
    }
}
