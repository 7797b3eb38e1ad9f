package dev.spate.sim.scenario;

import dev.spate.sim.NetworkOptions;
import dev.spate.wire.PieceLayout;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A story of a swarm as data: with a seed it gives one run.
 *
 * @param name lower-case words joined by hyphens
 * @param about what it is about, in a sentence or two for the reader of the report
 * @param pieces of the torrent, all full
 * @param pieceLength in bytes
 * @param groups not empty; their names differ, and one of them is honest and complete
 * @param limit when it is given up, after the beginning
 * @param note why it takes longer than the fluid bound, for the reader of the report; empty if there is nothing to say
 */
public record Scenario(
        String name,
        String about,
        int pieces,
        int pieceLength,
        NetworkOptions network,
        List<Group> groups,
        List<Happening> happenings,
        Duration limit,
        String note) {

    /** The most hosts of a scenario. */
    public static final int MAX_HOSTS = 60_000;

    /** The most pieces. */
    public static final int MAX_PIECES = 100_000;

    private static final int MAX_PIECE_LENGTH = 64 << 20;
    private static final int MAX_HAPPENINGS = 1000;

    public Scenario {
        groups = List.copyOf(groups);
        happenings = List.copyOf(happenings);
        if (!name.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException("not lower-case words joined by hyphens: '" + name + "'");
        }
        if (pieces < 1 || pieces > MAX_PIECES || pieceLength < 1 || pieceLength > MAX_PIECE_LENGTH) {
            throw new IllegalArgumentException(
                    pieces + " pieces of " + pieceLength + " bytes; at most " + MAX_PIECES + " of " + MAX_PIECE_LENGTH);
        }
        if (!limit.isPositive()) {
            throw new IllegalArgumentException("no time: limit " + limit);
        }
        if (groups.stream().mapToLong(Group::count).sum() > MAX_HOSTS || happenings.size() > MAX_HAPPENINGS) {
            throw new IllegalArgumentException(
                    "more than " + MAX_HOSTS + " hosts or " + MAX_HAPPENINGS + " happenings");
        }
        Map<String, Group> named = new LinkedHashMap<>();
        for (Group group : groups) {
            if (named.put(group.name(), group) != null) {
                throw new IllegalArgumentException("two groups are named '" + group.name() + "'");
            }
        }
        for (Happening happening : happenings) {
            Group group = named.get(happening.group());
            if (group == null) {
                throw new IllegalArgumentException("something happens to '" + happening.group() + "', and no group of "
                        + named.keySet() + " is named so");
            }
            boolean interrupts = happening instanceof Happening.PowerCut || happening instanceof Happening.ClockJump;
            if (group.watchedBytesPerSecond() > 0 && interrupts) {
                throw new IllegalArgumentException("the " + group.name() + " watch, so their power and clocks stay");
            }
        }
        if (groups.stream().noneMatch(Group::isOrigin)) {
            throw new IllegalArgumentException("no group is both complete and honest, so nobody can get everything");
        }
    }

    /** A quiet story of 64 MiB on a smooth network, given up after two hours. */
    public static Scenario of(String name, String about, Group... groups) {
        return new Scenario(
                name,
                about,
                256,
                256 << 10,
                NetworkOptions.SMOOTH,
                List.of(groups),
                List.of(),
                Duration.ofHours(2),
                "");
    }

    public Scenario withTorrent(int newPieces, int newPieceLength) {
        return new Scenario(name, about, newPieces, newPieceLength, network, groups, happenings, limit, note);
    }

    public Scenario withNetwork(NetworkOptions other) {
        return new Scenario(name, about, pieces, pieceLength, other, groups, happenings, limit, note);
    }

    public Scenario happening(Happening... all) {
        return new Scenario(name, about, pieces, pieceLength, network, groups, List.of(all), limit, note);
    }

    public Scenario withNote(String other) {
        return new Scenario(name, about, pieces, pieceLength, network, groups, happenings, limit, other);
    }

    /**
     * The same with about so many hosts in all. Honest seeds stay as they are, all other groups grow or shrink alike and keep one host
     * at least.
     */
    public Scenario withHosts(int hosts) {
        int origins =
                groups.stream().filter(Group::isOrigin).mapToInt(Group::count).sum();
        int others = Math.max(1, hosts() - origins);
        double factor = Math.max(0, hosts - origins) / (double) others;
        List<Group> scaled = groups.stream()
                .map(group -> group.isOrigin()
                        ? group
                        : group.withCount((int) Math.max(1, Math.round(group.count() * factor))))
                .toList();
        return new Scenario(name, about, pieces, pieceLength, network, scaled, happenings, limit, note);
    }

    public PieceLayout layout() {
        return new PieceLayout((long) pieces * pieceLength, pieceLength);
    }

    /** How many hosts there are in all. */
    public int hosts() {
        return groups.stream().mapToInt(Group::count).sum();
    }
}
