package dev.spate.engine.storage;

import dev.spate.core.choke.ChokeStrategy;
import dev.spate.core.choke.Choking;
import dev.spate.core.choke.Trading;
import dev.spate.core.queue.AfterSeeding;
import dev.spate.core.queue.SeedLimits;
import dev.spate.core.rate.RateLimits;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeDictionaryBuilder;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** {@link KeptRules} and {@link QueueRank} as they are written in resume files: only what differs from the rules at first. */
final class KeptRulesCode {
    private KeptRulesCode() {}

    static BencodeDictionary encode(KeptRules rules) {
        BencodeDictionaryBuilder out = BencodeDictionary.builder();
        if (rules.maxConnections() > 0) {
            out.put("connections", rules.maxConnections());
        }
        if (rules.uploadSlots() > 0) {
            out.put("slots", rules.uploadSlots());
        }
        rules.choking().ifPresent(choking -> out.put("choking", encode(choking)));
        if (rules.superSeeding()) {
            out.put("super", 1);
        }
        putLimits(out, "", rules.limits());
        putLimits(out, "peer-", rules.peerLimits());
        rules.group().ifPresent(name -> out.put("group", name));
        rules.seedLimits().ifPresent(limits -> out.put("seed", encode(limits)));
        return out.build();
    }

    private static void putLimits(BencodeDictionaryBuilder out, String prefix, RateLimits limits) {
        if (limits.down() != RateLimits.NO_LIMIT) {
            out.put(prefix + "down", limits.down());
        }
        if (limits.up() != RateLimits.NO_LIMIT) {
            out.put(prefix + "up", limits.up());
        }
    }

    private static BencodeDictionary encode(Choking choking) {
        return BencodeDictionary.builder()
                .put("seeding", choking.seeding().name())
                .put("trading", choking.trading().name())
                .build();
    }

    private static BencodeDictionary encode(SeedLimits limits) {
        BencodeDictionaryBuilder out =
                BencodeDictionary.builder().put("then", limits.then().name());
        limits.idle().ifPresent(time -> out.put("idle", time.toMillis()));
        limits.ratio().ifPresent(ratio -> out.put("ratio", Double.toString(ratio)));
        limits.time().ifPresent(time -> out.put("time", time.toMillis()));
        return out.build();
    }

    /** @throws IllegalArgumentException if a value is none that was ever written */
    static KeptRules decode(BencodeDictionary in) {
        return new KeptRules(
                limits(in, ""),
                limits(in, "peer-"),
                in.text("group"),
                number(in, "connections"),
                number(in, "slots"),
                in.dictionary("choking").map(KeptRulesCode::choking),
                in.integer("super").orElse(0) != 0,
                in.dictionary("seed").map(KeptRulesCode::seedLimits));
    }

    private static RateLimits limits(BencodeDictionary in, String prefix) {
        return new RateLimits(
                in.integer(prefix + "down").orElse(RateLimits.NO_LIMIT),
                in.integer(prefix + "up").orElse(RateLimits.NO_LIMIT));
    }

    private static int number(BencodeDictionary in, String key) {
        return (int) Math.min(in.integer(key).orElse(0), Integer.MAX_VALUE);
    }

    private static Choking choking(BencodeDictionary in) {
        return new Choking(
                Trading.valueOf(in.text("trading").orElse("")),
                ChokeStrategy.valueOf(in.text("seeding").orElse("")));
    }

    private static SeedLimits seedLimits(BencodeDictionary in) {
        Optional<String> ratio = in.text("ratio");
        return new SeedLimits(
                ratio.isPresent() ? OptionalDouble.of(Double.parseDouble(ratio.get())) : OptionalDouble.empty(),
                time(in, "time"),
                time(in, "idle"),
                AfterSeeding.valueOf(in.text("then").orElse("")));
    }

    private static Optional<Duration> time(BencodeDictionary in, String key) {
        OptionalLong millis = in.integer(key);
        return millis.isPresent() ? Optional.of(Duration.ofMillis(millis.getAsLong())) : Optional.empty();
    }

    static BencodeDictionary encode(QueueRank rank) {
        return BencodeDictionary.builder()
                .put("forced", rank.forced() ? 1 : 0)
                .put("rank", rank.rank())
                .build();
    }

    /** Empty if there is no rank in it. */
    static Optional<QueueRank> decodeRank(BencodeDictionary in) {
        OptionalLong rank = in.integer("rank");
        return rank.isPresent()
                ? Optional.of(
                        new QueueRank(rank.getAsLong(), in.integer("forced").orElse(0) != 0))
                : Optional.empty();
    }
}
