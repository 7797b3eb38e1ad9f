package dev.spate.engine.shell;

import dev.spate.core.rate.RateLimits;
import dev.spate.core.rate.Tokens;
import dev.spate.io.lane.Lane;
import dev.spate.wire.PeerAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one torrent and of each of its peers, below those of its group, of the session and of classes of peers. It outlives the swarm.
 * Confined to its lane.
 */
public final class SwarmLimits {

    /** A connection that is limited or may become so. */
    private static final class Member {
        final PeerAddress address;
        /** Only where peers are limited each by itself. */
        @Nullable
        LimitPair own;

        @Nullable
        PeerThrottle throttle;

        Member(PeerAddress address) {
            this.address = address;
        }
    }

    private final SessionLimits session;
    private final LaneThrottle lane;
    private final LimitPair torrent = new LimitPair(1);
    private final Map<PeerConnection, Member> members = new LinkedHashMap<>();
    private RateLimits limits = RateLimits.NONE;
    private RateLimits perPeer = RateLimits.NONE;
    private @Nullable String group;

    public SwarmLimits(SessionLimits session, Lane lane) {
        this.session = session;
        this.lane = session.on(lane);
    }

    /** What all peers of the torrent move together. */
    public void set(RateLimits newLimits) {
        limits = newLimits;
        torrent.set(newLimits, lane.now());
        review();
    }

    public RateLimits get() {
        return limits;
    }

    /** What each peer moves. */
    public void setPerPeer(RateLimits newLimits) {
        perPeer = newLimits;
        members.values().forEach(this::limitItself);
        review();
    }

    /** To which group it belongs; null for none. */
    public void setGroup(@Nullable String newGroup) {
        group = newGroup;
        review();
    }

    void joined(PeerConnection connection, PeerAddress address) {
        if (members.isEmpty()) {
            lane.add(this);
        }
        Member member = new Member(address);
        limitItself(member);
        members.put(connection, member);
        review(connection, member);
    }

    void left(PeerConnection connection) {
        Member member = members.remove(connection);
        if (member != null && member.throttle != null) {
            member.throttle.end();
        }
        if (members.isEmpty()) {
            lane.remove(this);
        }
    }

    /** Looks at all limits again. */
    void review() {
        members.forEach(this::review);
        lane.reviewed();
    }

    private void limitItself(Member member) {
        if (member.own == null && !perPeer.equals(RateLimits.NONE)) {
            member.own = new LimitPair(1);
        }
        if (member.own != null) {
            member.own.set(perPeer, lane.now());
        }
    }

    private void review(PeerConnection connection, Member member) {
        List<Tokens> down = new ArrayList<>();
        List<Tokens> up = new ArrayList<>();
        List<PeerClassLimits> classes = session.classesOf(member.address);
        if (!session.isExempt(member.address, classes)) {
            if (member.own != null) {
                add(down, up, member.own, 0);
            }
            add(down, up, torrent, 0);
            LimitPair ofGroup = session.group(group);
            if (ofGroup != null) {
                add(down, up, ofGroup, lane.number());
            }
            add(down, up, session.session(), lane.number());
        }
        classes.forEach(each -> add(down, up, each.limits(), lane.number()));
        if (member.throttle == null && (!down.isEmpty() || !up.isEmpty())) {
            member.throttle = new PeerThrottle(lane, connection);
            connection.throttle(member.throttle);
        }
        if (member.throttle != null) {
            member.throttle.limit(down, up);
        }
    }

    private static void add(List<Tokens> down, List<Tokens> up, LimitPair pair, int lane) {
        pair.addDown(down, lane);
        pair.addUp(up, lane);
    }
}
