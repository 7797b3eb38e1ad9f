package dev.spate.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.00 KiB",
        "16384, 16.0 KiB",
        "1048575, 1.00 MiB",
        "1048576, 1.00 MiB",
        "102400, 100 KiB",
        "1288490188, 1.20 GiB",
        "9223372036854775807, 8.00 EiB"
    })
    void sizesHaveThreeDigits(long bytes, String text) {
        assertThat(Quantities.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 1000",
        "16K, 16384",
        "16k, 16384",
        "256KiB, 262144",
        "256 kib, 262144",
        "1M, 1048576",
        "1.5G, 1610612736",
        "700MB, 700000000",
        "3Mi, 3145728",
        "17B, 17"
    })
    void sizesAreReadAsPeopleWriteThem(String text, long bytes) {
        assertThat(Quantities.parseBytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "500K, 512000",
        "2M/s, 2097152",
        "20 MB/s, 20000000",
        "1.5MiB/s, 1572864",
        "16Mbit/s, 2000000",
        "800 kbit, 100000",
        "8bit, 1",
        "1gbit, 125000000",
        "1000, 1000"
    })
    void ratesAreReadAsPeopleWriteThem(String text, long bytesPerSecond) {
        assertThat(Quantities.parseRate(text)).isEqualTo(bytesPerSecond);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/s", "fast", "-1K", "1M/m", "1Xbit"})
    void whatIsNoRateIsRefused(String text) {
        assertThatThrownBy(() -> Quantities.parseRate(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "M", "-1", "1X", "1.0001", "1e3", "99999999999P", "1 2"})
    void whatIsNoSizeIsRefused(String text) {
        assertThatThrownBy(() -> Quantities.parseBytes(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"4, 4 ms", "3200, 3.2 s", "59960, 1m 00s", "309000, 5m 09s", "7500000, 2h 05m", "273600000, 3d 04h"})
    void timesHaveTwoUnits(long millis, String text) {
        assertThat(Quantities.duration(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"90, 90000", "0.5, 500", "90s, 90000", "10m, 600000", "1h30m, 5400000", "2d, 172800000", "250ms, 250"})
    void timesAreReadAsPeopleWriteThem(String text, long millis) {
        assertThat(Quantities.parseDuration(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h", "-3", "1y", "10 m x"})
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> Quantities.parseDuration(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyTheWholeIsAHundredPercent() {
        assertThat(Quantities.percent(999_999, 1_000_000)).isEqualTo("99.9 %");
        assertThat(Quantities.percent(1_000_000, 1_000_000)).isEqualTo("100 %");
        assertThat(Quantities.percent(0, 0)).isEqualTo("100 %");
        assertThat(Quantities.percent(1, 3)).isEqualTo("33.3 %");
    }

    @Test
    void whatIsWrittenIsReadAgainToThreeDigits() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 10_000; i++) {
            long bytes = random.nextLong(1L << random.nextInt(1, 60));
            String text = Quantities.bytes(bytes);
            double number = Double.parseDouble(text.substring(0, text.indexOf(' ')));
            long unit = Quantities.parseBytes(
                    "1" + text.substring(text.indexOf(' ') + 1).replace("EiB", "P"));
            double factor = text.endsWith("EiB") ? 1024 : 1;
            assertThat(number * unit * factor).as(text).isCloseTo((double) bytes, Percentage.withPercentage(0.51));
        }
    }
}
