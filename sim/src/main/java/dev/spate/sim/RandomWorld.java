package dev.spate.sim;

import dev.spate.core.choke.ChokeStrategy;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.PieceSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A small world of which everything is left to chance, but that one honest seed stays and that everybody is told of the others: the
 * torrent's shape, lines, disks, settings, liars and stallers, and who is switched off, pauses or loses a piece when.
 */
public final class RandomWorld {
    private final SplittableRandom dice;
    private final Simulation world;
    private final Host origin;
    private final List<Host> others = new ArrayList<>();

    /** The world of a seed; nothing has happened there but that the seed and some others have joined. */
    public RandomWorld(long seed) {
        dice = new SplittableRandom(seed);
        int pieceLength = 1 + dice.nextInt(6 << 14);
        long length = 1 + dice.nextLong(40L * pieceLength);
        Duration latency = Duration.ofMillis(dice.nextInt(300));
        NetworkOptions network = new NetworkOptions(
                latency,
                Duration.ofMillis(dice.nextInt(100)),
                oneIn(2) ? 0 : 0.02 * dice.nextDouble(),
                Duration.ofMillis(dice.nextInt(2000)),
                oneIn(2) ? 0 : 0.001 * dice.nextDouble(),
                NetworkOptions.SMALLEST_WINDOW << dice.nextInt(4));
        world = new Simulation(
                new SimulationOptions(seed, new PieceLayout(length, pieceLength), network, 1 + dice.nextInt(5)));
        origin = world.host("the seed", random(world.complete()).withConduct(Conduct.HONEST));
        origin.join();
        for (int i = 1 + dice.nextInt(10); i > 0; i--) {
            addLeech();
        }
        for (int i = dice.nextInt(4); i > 0; i--) {
            addVillain();
        }
    }

    /** The same, but that the seed lets its pieces out one by one. */
    public RandomWorld withSuperSeeding() {
        origin.superSeed();
        return this;
    }

    /**
     * Lets them live, and then come to an end.
     *
     * @return whether everybody who behaves is complete
     * @throws InvariantBroken if something happened that never may
     */
    public boolean everyoneCompletes() {
        if (oneIn(2)) {
            for (int i = dice.nextInt(10); i > 0; i--) {
                unrest();
            }
        }
        world.run(Duration.ofSeconds(60));
        for (Host host : others) {
            switchOn(host);
            host.resume();
        }
        return world.runUntil(world::everyoneIsComplete, Duration.ofHours(6));
    }

    public Simulation world() {
        return world;
    }

    private void addLeech() {
        HostOptions options = random(world.ordinary());
        if (oneIn(4)) {
            PieceSet some = new PieceSet(world.options().layout().pieces());
            for (int piece = 0; piece < some.pieces(); piece++) {
                if (oneIn(3)) {
                    some.add(piece);
                }
            }
            options = options.withPieces(some);
        }
        join(add("leech", options));
    }

    private void addVillain() {
        Conduct conduct = oneIn(3)
                ? Conduct.stallingAfter(dice.nextInt(50))
                : Conduct.lying(oneIn(3) ? 1 : 0.001 + 0.5 * dice.nextDouble());
        join(add("villain", random(world.complete()).withConduct(conduct)));
    }

    private Host add(String kind, HostOptions options) {
        String name = kind + " " + world.hosts().size();
        boolean alone = others.isEmpty() || !oneIn(4);
        return alone
                ? world.host(name, options)
                : world.neighbour(others.get(dice.nextInt(others.size())), name, options);
    }

    private void join(Host host) {
        others.add(host);
        if (oneIn(2)) {
            host.join();
        } else {
            world.after(Duration.ofMillis(dice.nextInt(30_000)), () -> switchOn(host));
        }
    }

    private static void switchOn(Host host) {
        if (!host.isUp()) {
            host.join();
        }
    }

    private void unrest() {
        Host host = others.get(dice.nextInt(others.size()));
        Duration at = Duration.ofMillis(dice.nextInt(50_000));
        Duration until = at.plusMillis(1 + dice.nextInt(8000));
        switch (dice.nextInt(3)) {
            case 0 -> {
                world.after(at, host::crash);
                world.after(until, () -> switchOn(host));
            }
            case 1 -> {
                world.after(at, () -> {
                    if (host.isUp()) {
                        host.pause();
                    }
                });
                world.after(until, () -> {
                    if (host.isUp()) {
                        host.resume();
                    }
                });
            }
            default -> {
                int piece = dice.nextInt(world.options().layout().pieces());
                world.after(at, () -> {
                    if (host.isUp() && host.conduct().isHonest()) {
                        host.losesPiece(piece);
                    }
                });
            }
        }
    }

    private HostOptions random(HostOptions options) {
        DiskOptions disk = new DiskOptions(
                Duration.ofMillis(dice.nextInt(50)),
                Duration.ofMillis(dice.nextInt(100)),
                1 + dice.nextInt(oneIn(2) ? 3 : 60),
                oneIn(3) ? 0.1 * dice.nextDouble() : 0);
        Line line = new Line(50_000 + dice.nextLong(5_000_000), 50_000 + dice.nextLong(5_000_000));
        ChokeStrategy seeding = List.of(
                        ChokeStrategy.ROUND_ROBIN, ChokeStrategy.FASTEST_UPLOAD, ChokeStrategy.ANTI_LEECH)
                .get(dice.nextInt(3));
        return options.withDisk(disk)
                .withLine(line)
                .withSettings(options.settings()
                        .withUploadSlots(1 + dice.nextInt(5))
                        .withSeeding(seeding)
                        .withMaxConnections(oneIn(3) ? 2 + dice.nextInt(6) : 80));
    }

    private boolean oneIn(int chances) {
        return dice.nextInt(chances) == 0;
    }
}
