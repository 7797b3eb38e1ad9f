package dev.spate.cli;

import dev.spate.core.choke.ChokeStrategy;
import dev.spate.core.choke.Trading;
import picocli.CommandLine.ITypeConverter;

/** What the rules of choking are called on the command line. */
final class ChokingNames {
    private ChokingNames() {}

    static Trading trading(String text) {
        return switch (text) {
            case "tit-for-tat" -> Trading.TIT_FOR_TAT;
            case "bittyrant" -> Trading.BIT_TYRANT;
            case "propshare" -> Trading.PROP_SHARE;
            default ->
                throw new IllegalArgumentException(
                        "no rule of trading '" + text + "'; there are tit-for-tat, bittyrant and propshare");
        };
    }

    static ChokeStrategy seeding(String text) {
        return switch (text) {
            case "round-robin" -> ChokeStrategy.ROUND_ROBIN;
            case "fastest-upload" -> ChokeStrategy.FASTEST_UPLOAD;
            case "anti-leech" -> ChokeStrategy.ANTI_LEECH;
            default ->
                throw new IllegalArgumentException(
                        "no order of seeding '" + text + "'; there are round-robin, fastest-upload and anti-leech");
        };
    }

    static final class TradingConverter implements ITypeConverter<Trading> {
        @Override
        public Trading convert(String value) {
            return Spate.converted(value, ChokingNames::trading);
        }
    }

    static final class SeedingConverter implements ITypeConverter<ChokeStrategy> {
        @Override
        public ChokeStrategy convert(String value) {
            return Spate.converted(value, ChokingNames::seeding);
        }
    }
}
