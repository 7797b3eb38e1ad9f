package dev.spate.core.announce;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * How eagerly trackers are asked.
 *
 * @param everyTier announce to one tracker of every tier at the same time, instead of going on to the next tier only when
 *     all trackers of those before it fail (BEP 12)
 * @param numWant how many peers to ask for, 0 or more
 * @param shortestInterval announces to one tracker are never closer than this, whatever it says, events excepted; at
 *     least one second
 * @param longestInterval nor further apart
 * @param firstBackOff the wait after a tracker's first failure; doubles with each further one; at least one second
 * @param longestBackOff up to this
 * @param refusalBackOff the least wait after a tracker said No without saying until when
 * @param udpRoutes by which kinds of address to announce to UDP trackers, each independently of the others; not empty, no
 *     doubles
 * @param httpRoutes the same for HTTP trackers
 */
public record AnnounceSettings(
        boolean everyTier,
        int numWant,
        Duration shortestInterval,
        Duration longestInterval,
        Duration firstBackOff,
        Duration longestBackOff,
        Duration refusalBackOff,
        List<Route> udpRoutes,
        List<Route> httpRoutes) {

    /** BEP 12's order, 200 peers, an interval from one minute to one day, back-off from 15 s to one hour, UDP by both kinds of address. */
    public static final AnnounceSettings DEFAULT = new AnnounceSettings(
            false,
            200,
            Duration.ofMinutes(1),
            Duration.ofDays(1),
            Duration.ofSeconds(15),
            Duration.ofHours(1),
            Duration.ofMinutes(5),
            List.of(Route.IPV4, Route.IPV6),
            List.of(Route.ANY));

    public AnnounceSettings {
        udpRoutes = checked(udpRoutes);
        httpRoutes = checked(httpRoutes);
        if (numWant < 0) {
            throw new IllegalArgumentException("negative: " + numWant);
        }
        checkOrder(Duration.ofSeconds(1), shortestInterval);
        checkOrder(shortestInterval, longestInterval);
        checkOrder(Duration.ofSeconds(1), firstBackOff);
        checkOrder(firstBackOff, longestBackOff);
        checkOrder(Duration.ZERO, refusalBackOff);
    }

    /** The same with another choice of how tiers are used. */
    public AnnounceSettings withEveryTier(boolean every) {
        return new AnnounceSettings(
                every,
                numWant,
                shortestInterval,
                longestInterval,
                firstBackOff,
                longestBackOff,
                refusalBackOff,
                udpRoutes,
                httpRoutes);
    }

    /** The same with other routes. */
    public AnnounceSettings withRoutes(List<Route> udp, List<Route> http) {
        return new AnnounceSettings(
                everyTier,
                numWant,
                shortestInterval,
                longestInterval,
                firstBackOff,
                longestBackOff,
                refusalBackOff,
                udp,
                http);
    }

    /** With which route's search for a tracker one of this route belongs: ANY goes with the first that is not. */
    Route walksWith(Route route) {
        if (route != Route.ANY) {
            return route;
        }
        return Stream.concat(udpRoutes.stream(), httpRoutes.stream())
                .filter(other -> other != Route.ANY)
                .findFirst()
                .orElse(route);
    }

    private static List<Route> checked(List<Route> routes) {
        if (routes.isEmpty() || routes.stream().distinct().count() != routes.size()) {
            throw new IllegalArgumentException("not a choice of routes: " + routes);
        }
        return List.copyOf(routes);
    }

    private static void checkOrder(Duration small, Duration large) {
        if (small.compareTo(large) > 0 || large.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException("out of bounds: " + small + ", " + large);
        }
    }
}
