package dev.spate.cli;

import dev.spate.cli.text.Json;
import dev.spate.engine.dht.Dht;
import dev.spate.engine.dht.Stored;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.dht.Bytes;
import dev.spate.wire.dht.DhtItem;
import java.security.KeyPair;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate dht put}: stores a text as an item of BEP 44. */
@Command(
        name = "put",
        mixinStandardHelpOptions = true,
        description = {
            "Stores a text of up to 996 bytes in the DHT, and prints the target by which it is got.",
            "With --key it is stored under a public key, in the place of what was there before.",
            "The nodes keep it for two hours; with --keep it is stored again until Ctrl-C."
        })
final class DhtPutCommand implements Callable<Integer> {
    // 1,000 bytes bencoded (BEP 44), of which the length and the colon take four.
    private static final int MAX_TEXT = 996;

    @Mixin
    private DhtDoor door;

    @Mixin
    private DhtKey key;

    @Option(names = "--keep", description = "Store it again until Ctrl-C.")
    private boolean keep;

    @Parameters(paramLabel = "TEXT", description = "What to store.")
    private String text;

    @Override
    public Integer call() throws CommandFailure {
        BencodeString value = BencodeString.of(text);
        if (value.bytes().length > MAX_TEXT) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "the text has " + value.bytes().length + " bytes and an item takes " + MAX_TEXT,
                    "Store the info-hash of a torrent instead, with spate dht name.");
        }
        @Nullable KeyPair keys = key.pair();
        Bytes salt = key.salt();
        try (Dht dht = door.join()) {
            Stored stored = door.await(keys == null ? dht.putImmutable(value) : dht.putMutable(keys, salt, value));
            DhtItem item = stored.item();
            String name = item instanceof DhtItem.Mutable mutable
                    ? mutable.key().toString()
                    : item.target().toString();
            return finish(door, dht, stored, name, keep);
        }
    }

    /**
     * Tells what came of it, and goes on with it if that is wanted.
     *
     * @param name by which it is got
     */
    static int finish(DhtDoor door, Dht dht, Stored stored, String name, boolean keep) throws CommandFailure {
        if (stored.nodes() == 0) {
            throw new CommandFailure(
                    ExitCode.UNREACHABLE,
                    stored.newer().isPresent() ? "somebody with the same key was quicker" : "no node has taken it",
                    "Try again in a while.");
        }
        DhtItem item = stored.item();
        if (door.json()) {
            Json line = new Json().put("target", item.target()).put("nodes", stored.nodes());
            if (item instanceof DhtItem.Mutable mutable) {
                line.put("key", mutable.key()).put("seq", mutable.seq());
            }
            door.out().println(line);
        } else {
            door.out().println(name);
        }
        door.out().flush();
        if (keep) {
            door.await(dht.publish(item));
            DhtCommand.awaitInterrupt();
        }
        return ExitCode.OK.number();
    }
}
