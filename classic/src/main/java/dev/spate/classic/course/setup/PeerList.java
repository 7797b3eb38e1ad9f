package dev.spate.classic.course.setup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code PeerInfo.cfg} says: all peers of the network in the order in which they are started. A peer connects to those on
 * earlier lines.
 *
 * @param peers with different ids and different places, one with the file at least
 */
public record PeerList(List<PeerLine> peers) {

    /** The file's name. */
    public static final String FILE = "PeerInfo.cfg";

    /** A full mesh of more is nobody's homework. */
    public static final int MAX_PEERS = 1000;

    private static final int MAX_HOST = 253;

    public PeerList {
        peers = List.copyOf(peers);
    }

    /** Reads the text of the file. */
    public static Parsed<PeerList> parse(String text) {
        Lines lines = new Lines(FILE);
        List<PeerLine> peers = new ArrayList<>();
        Map<Integer, Integer> lineOfId = new HashMap<>();
        Map<String, Integer> lineOfPlace = new HashMap<>();
        lines.each(text, line -> {
            Optional<PeerLine> read = read(line, lines);
            if (read.isEmpty()) {
                return;
            }
            PeerLine peer = read.get();
            Integer former = lineOfId.putIfAbsent(peer.id(), line.number());
            if (former != null) {
                lines.problem(
                        line.number(),
                        "peer " + peer.id() + " is in line " + former + " already",
                        "give one of the two another id");
                return;
            }
            former = lineOfPlace.putIfAbsent(peer.host().toLowerCase(Locale.ROOT) + ":" + peer.port(), line.number());
            if (former != null) {
                lines.problem(
                        line.number(),
                        peer.host() + ":" + peer.port() + " is in line " + former + " already",
                        "give one of the two another port");
                return;
            }
            if (peers.size() == MAX_PEERS) {
                lines.problem(line.number(), "more than " + MAX_PEERS + " peers", "take some away");
                return;
            }
            peers.add(peer);
        });
        if (lines.problems().isEmpty()) {
            if (peers.isEmpty()) {
                lines.problem(0, "there is no peer", "write a line 'ID HOST PORT 1' for each");
            } else if (peers.stream().noneMatch(PeerLine::hasFile)) {
                lines.problem(
                        0,
                        "no peer has the file, so nobody could get it",
                        "write 1 at the end of the line of one that does");
            }
        }
        return lines.problems().isEmpty() ? new Parsed.Good<>(new PeerList(peers)) : new Parsed.Bad<>(lines.problems());
    }

    /** The peer with this id. */
    public Optional<PeerLine> find(int id) {
        return peers.stream().filter(peer -> peer.id() == id).findFirst();
    }

    /** The text of a file that says this. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (PeerLine peer : peers) {
            text.append(peer.id())
                    .append(' ')
                    .append(peer.host())
                    .append(' ')
                    .append(peer.port())
                    .append(' ')
                    .append(peer.hasFile() ? 1 : 0)
                    .append('\n');
        }
        return text.toString();
    }

    private static Optional<PeerLine> read(Lines.Line line, Lines lines) {
        if (line.words().size() != 4) {
            lines.problem(
                    line.number(),
                    line.words().size() + " words",
                    "write four: the id, the host, the port, and 1 or 0 for the file");
            return Optional.empty();
        }
        int id = (int) lines.number(line, "the id", line.words().get(0), 1, Integer.MAX_VALUE);
        String host = line.words().get(1);
        int port = (int) lines.number(line, "the port", line.words().get(2), 1, 65_535);
        String file = line.words().get(3);
        boolean good = id >= 1 && port >= 1;
        // One that begins with a hyphen would be an option of ssh.
        if (host.length() > MAX_HOST || host.startsWith("-") || host.chars().anyMatch(c -> c < '!' || c > '~')) {
            lines.problem(line.number(), "the host is '" + Lines.quoted(host) + "'", "write a name or an address");
            good = false;
        }
        if (!file.equals("0") && !file.equals("1")) {
            lines.problem(
                    line.number(), "the file is '" + Lines.quoted(file) + "'", "write 1 if the peer has it, else 0");
            good = false;
        }
        return good ? Optional.of(new PeerLine(id, host, port, file.equals("1"))) : Optional.empty();
    }
}
