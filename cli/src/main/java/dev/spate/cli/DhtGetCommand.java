package dev.spate.cli;

import dev.spate.cli.text.Json;
import dev.spate.engine.dht.Dht;
import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.bencode.BencodeEncoder;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.bencode.BencodeValue;
import dev.spate.wire.dht.Bytes;
import dev.spate.wire.dht.DhtItem;
import dev.spate.wire.dht.NodeId;
import dev.spate.wire.dht.TorrentKey;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate dht get}: reads an item of BEP 44. */
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        description = {
            "Prints what is stored in the DHT at a target (40 hexadecimal digits), or the newest item of a public key (64 digits).",
            "For a link magnet:?xs=urn:btpk:... it prints the info-hash of the torrent that the key names (BEP 46)."
        })
final class DhtGetCommand implements Callable<Integer> {

    @Mixin
    private DhtDoor door;

    @Option(
            names = "--salt",
            paramLabel = "TEXT",
            description = "Which of a key's items; without it, the one with no salt.")
    private String salt = "";

    @Parameters(paramLabel = "TARGET|KEY|LINK", description = "What to look for.")
    private String place;

    @Override
    public Integer call() throws CommandFailure {
        if (TorrentKey.isLink(place)) {
            TorrentKey key = key(place);
            try (Dht dht = door.join()) {
                Digest infoHash = door.await(dht.torrentOf(key)).orElseThrow(this::nothing);
                door.out().println(door.json() ? new Json().put("infoHash", infoHash) : infoHash);
            }
            return ExitCode.OK.number();
        }
        if (!place.matches("\\p{XDigit}{40}|\\p{XDigit}{64}")) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "neither a target nor a key: '" + place + "'",
                    "Write 40 hexadecimal digits, or 64 for a public key.");
        }
        byte[] bytes = HexFormat.of().parseHex(place);
        try (Dht dht = door.join()) {
            if (bytes.length == NodeId.LENGTH) {
                print(door.await(dht.getImmutable(NodeId.of(bytes))).orElseThrow(this::nothing), new Json());
            } else {
                DhtItem.Mutable item = door.await(dht.getMutable(Bytes.of(bytes), Bytes.ofText(salt)))
                        .orElseThrow(this::nothing);
                print(item.decoded(), new Json().put("seq", item.seq()));
            }
        }
        return ExitCode.OK.number();
    }

    /** What a link with a key says. */
    static TorrentKey key(String link) throws CommandFailure {
        return switch (TorrentKey.parse(link)) {
            case Decoding.Decoded<TorrentKey>(var key) -> key;
            case Decoding.NeedMore<TorrentKey> _ ->
                throw new CommandFailure(ExitCode.USAGE, "the link is cut off", "Give all of it.");
            case Decoding.Malformed<TorrentKey> malformed ->
                throw new CommandFailure(
                        ExitCode.USAGE, malformed.reason(), "Quote the link, so that the shell leaves & alone.");
        };
    }

    private CommandFailure nothing() {
        return new CommandFailure(
                ExitCode.NO_PEERS,
                "nothing is stored at " + place,
                "Items last two hours unless they are stored again.");
    }

    private void print(BencodeValue value, Json line) {
        Optional<String> text = text(value);
        String raw = HexFormat.of().formatHex(BencodeEncoder.encode(value));
        if (door.json()) {
            door.out().println(text.isPresent() ? line.put("text", text.get()) : line.put("bencoded", raw));
        } else {
            door.out().println(text.map(TorrentFacts::plain).orElse(raw));
        }
    }

    private static Optional<String> text(BencodeValue value) {
        if (!(value instanceof BencodeString string)) {
            return Optional.empty();
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(string.bytes()))
                    .toString());
        } catch (CharacterCodingException binary) {
            return Optional.empty();
        }
    }
}
