package dev.spate.core.choke;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * A {@link Trader} that gives to each peer its part of what we got, after Levin, LaCurts, Spring and Bhattacharjee: "BitTorrent is an
 * auction: analyzing and improving BitTorrent's incentives", SIGCOMM 2008.
 *
 * <p>BEP 3's choker is an auction in which the best few bids win equal prizes, so a clever bidder pays just enough to win. Here every bid wins
 * its proportion: who gave us a third of what we got in the last rounds gets a third of what we send, and nobody gains by giving
 * less. A fifth of the upload is kept for one that has given nothing yet, which moves on every thirty seconds as BEP 3's
 * optimistic unchoke does, so that newcomers find their way in and better partners are found.
 */
public record PropShare(SortedMap<Integer, Account> accounts, SortedSet<Integer> onTrial, long roundAt)
        implements Trader {
    /*
     * Implementation note. What was given counts half as much with each round that passes: the paper looks at the last round alone, which at
     * ten seconds and blocks of 16 KiB is a coarse measure of slow peers. A part that is too small to be worth a connection is not given, and
     * who loses it so is tried like a newcomer.
     *
     * While fewer than three have given something, there are as many on trial as make up BEP 3's four; each has its fifth, and those who
     * gave share the rest. When nobody has given, those on trial share everything. So a swarm in which nobody trades yet begins like BEP 3's.
     *
     * Who took less than three quarters of its part did not want more; it gets little more than it took, and the others what it leaves.
     */

    /** A part of the upload in this many is kept for each that is on trial. */
    private static final int TRIAL_PARTS = 5;

    /** Knows nobody. */
    public static final PropShare NEW = new PropShare(new TreeMap<>(), new TreeSet<>(), 0);

    /**
     * What one peer has given and taken.
     *
     * @param given what it gave of late, in bytes, older rounds counting less
     * @param received the total from it at the last regular round
     * @param sent the total to it at that round
     * @param most what it can use, in bytes per second, as far as is known
     * @param rate what it was allowed at that round, in bytes per second; 0 for nothing
     */
    public record Account(double given, long received, long sent, long most, long rate) {}

    public PropShare {
        accounts = Collections.unmodifiableSortedMap(new TreeMap<>(accounts));
        onTrial = Collections.unmodifiableSortedSet(new TreeSet<>(onTrial));
    }

    /** Who is to be served for what it gave, and the most that it can use. */
    private record Claim(Partner partner, double given, long most) {}

    @Override
    public Deal choose(TradeRound round, RandomGenerator random) {
        SortedMap<Integer, Account> booked = book(round);
        List<Claim> claims = claims(round, booked);
        SortedSet<Integer> trial = trial(round, claims, random);
        SortedMap<Integer, Long> rates = share(round.capacity(), claims, trial);
        booked.replaceAll((peer, account) ->
                new Account(account.given, account.received, account.sent, account.most, rates.getOrDefault(peer, 0L)));
        return Deal.of(round, rates, new PropShare(booked, trial, round.now()));
    }

    /**
     * As the last regular round left it, but for those on trial who went, or lost their interest: others take their places. What those left
     * who are served for what they gave is divided among the rest.
     */
    @Override
    public Deal adjust(TradeRound round, RandomGenerator random) {
        List<Claim> claims = claims(round, accounts);
        TradeRound noTurn = new TradeRound(round.partners(), round.capacity(), false, round.now());
        SortedSet<Integer> trial = trial(noTurn, claims, random);
        return Deal.of(round, share(round.capacity(), claims, trial), new PropShare(accounts, trial, roundAt));
    }

    @Override
    public PropShare without(int peer) {
        SortedMap<Integer, Account> others = new TreeMap<>(accounts);
        others.remove(peer);
        SortedSet<Integer> trial = new TreeSet<>(onTrial);
        trial.remove(peer);
        return new PropShare(others, trial, roundAt);
    }

    /** The accounts of all who are there, with what they gave and took since the last round. */
    private SortedMap<Integer, Account> book(TradeRound round) {
        SortedMap<Integer, Account> booked = new TreeMap<>();
        double seconds = Math.max(1, (round.now() - roundAt) / 1e9);
        for (Partner each : round.partners()) {
            Account before = accounts.get(each.peer());
            if (before == null) {
                booked.put(each.peer(), new Account(each.received(), each.received(), each.sent(), Long.MAX_VALUE, 0));
                continue;
            }
            double given = before.given / 2 + (each.received() - before.received);
            long taken = (long) ((each.sent() - before.sent) / seconds);
            boolean sated = before.rate > 0 && taken < before.rate / 4 * 3;
            long most = sated ? Math.max(LEAST_RATE, taken + taken / 4) : Long.MAX_VALUE;
            booked.put(each.peer(), new Account(given, each.received(), each.sent(), most, 0));
        }
        return booked;
    }

    /** Those who gave so much that their part is worth sending, the greatest first. */
    private static List<Claim> claims(TradeRound round, SortedMap<Integer, Account> booked) {
        List<Claim> claims = new ArrayList<>();
        double all = 0;
        for (Partner each : round.partners()) {
            Account account = booked.get(each.peer());
            if (account != null && account.given >= 1 && each.seen().peerInterested()) {
                claims.add(new Claim(each, account.given, account.most));
                all += account.given;
            }
        }
        claims.sort(Comparator.<Claim>comparingDouble(claim -> -claim.given)
                .thenComparing(claim -> claim.partner.seen(), Ranking.amongEquals()));
        while (!claims.isEmpty()
                && (claims.size() > MOST_SERVED - 1
                        || round.capacity() * (claims.getLast().given / all) < LEAST_RATE)) {
            all -= claims.removeLast().given;
        }
        return claims;
    }

    /** Who is on trial: those who are, until they have had their turn, and others drawn by lot. */
    private SortedSet<Integer> trial(TradeRound round, List<Claim> claims, RandomGenerator random) {
        Set<Integer> served = new HashSet<>();
        claims.forEach(claim -> served.add(claim.partner.peer()));
        List<ChokeCandidate> fresh = new ArrayList<>();
        List<ChokeCandidate> present = new ArrayList<>();
        for (Partner each : round.partners()) {
            if (each.seen().peerInterested() && !served.contains(each.peer())) {
                (onTrial.contains(each.peer()) ? present : fresh).add(each.seen());
            }
        }
        int places = Math.max(1, Slots.DEFAULT - claims.size());
        List<ChokeCandidate> first = round.rotate() ? fresh : present;
        List<ChokeCandidate> then = round.rotate() ? present : fresh;
        SortedSet<Integer> trial = new TreeSet<>();
        for (; places > 0 && !first.isEmpty(); places--) {
            trial.add(Lottery.draw(first, random).peer());
        }
        for (; places > 0 && !then.isEmpty(); places--) {
            trial.add(Lottery.draw(then, random).peer());
        }
        return trial;
    }

    private static SortedMap<Integer, Long> share(long capacity, List<Claim> claims, SortedSet<Integer> trial) {
        SortedMap<Integer, Long> rates = new TreeMap<>();
        long left = capacity - capacity / TRIAL_PARTS * trial.size();
        double[] weights = claims.stream().mapToDouble(Claim::given).toArray();
        long[] portions =
                Portion.of(left, weights, claims.stream().mapToLong(Claim::most).toArray());
        for (int i = 0; i < portions.length; i++) {
            rates.put(claims.get(i).partner.peer(), Math.max(1, portions[i]));
            left -= portions[i];
        }
        for (int peer : trial) {
            rates.put(peer, capacity / TRIAL_PARTS + left / trial.size());
        }
        return rates;
    }
}
