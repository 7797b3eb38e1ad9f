package dev.spate.wire.tracker;

import dev.spate.wire.Decoding;
import dev.spate.wire.Decoding.Decoded;
import dev.spate.wire.Decoding.Malformed;
import dev.spate.wire.PlainText;
import dev.spate.wire.bencode.BencodeDecoder;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeDictionaryBuilder;
import dev.spate.wire.bencode.BencodeEncoder;
import dev.spate.wire.bencode.BencodeInteger;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.bencode.BencodeValue;
import dev.spate.wire.bencode.Strictness;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What answers to announces and to scrapes over HTTP have in common: a dictionary, or a refusal (BEPs 3, 31). */
final class HttpAnswers {

    /** The longest answer that is read, in bytes, after decompression. */
    static final int MAX_LENGTH = 1 << 20;

    /** A text for the user is cut after so many characters. */
    private static final int MAX_TEXT_LENGTH = 500;

    /** A year; who says longer might as well say never, but did not. */
    private static final long MAX_RETRY_MINUTES = 365 * 24 * 60;

    private static final String FAILURE = "failure reason";
    private static final String RETRY = "retry in";

    private HttpAnswers() {}

    static Decoding<BencodeDictionary> decode(byte[] body) {
        if (body.length > MAX_LENGTH) {
            return new Malformed<>(MAX_LENGTH, "answer of " + body.length + " bytes");
        }
        return switch (BencodeDecoder.decodePrefix(body, Strictness.LENIENT)) {
            case Decoded<BencodeValue>(BencodeValue value) ->
                value instanceof BencodeDictionary dictionary
                        ? new Decoded<>(dictionary)
                        : new Malformed<>(0, "the answer is not a dictionary");
            case Malformed<BencodeValue> malformed -> malformed.as();
            case Decoding.NeedMore<BencodeValue> more -> throw new AssertionError("the input was whole: " + more);
        };
    }

    /** The refusal, if the answer is one. */
    static Optional<AnnounceRefusal> refusal(BencodeDictionary answer) {
        return answer.get(FAILURE).map(reason -> {
            String text = reason instanceof BencodeString string ? PlainText.of(string.text(), MAX_TEXT_LENGTH) : "";
            return new AnnounceRefusal(text.isEmpty() ? "no reason given" : text, retry(answer));
        });
    }

    /** BEP 31 says "a positive integer" and shows a string. */
    private static AnnounceRefusal.Retry retry(BencodeDictionary answer) {
        long minutes = switch (answer.get(RETRY).orElse(null)) {
            case BencodeInteger integer -> integer.value();
            case BencodeString string when string.isText("never") -> Long.MAX_VALUE;
            case BencodeString string -> digits(string.text());
            case null, default -> 0;
        };
        if (minutes == Long.MAX_VALUE) {
            return new AnnounceRefusal.Retry.Never();
        }
        return minutes < 1
                ? new AnnounceRefusal.Retry.Unsaid()
                : new AnnounceRefusal.Retry.In(Duration.ofMinutes(Math.min(minutes, MAX_RETRY_MINUTES)));
    }

    private static long digits(String text) {
        boolean number = !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Long.parseLong(text) : 0;
    }

    /** A text for the user, or null where there is none. */
    static @Nullable String text(BencodeDictionary answer, String key) {
        String text =
                answer.text(key).map(raw -> PlainText.of(raw, MAX_TEXT_LENGTH)).orElse("");
        return text.isEmpty() ? null : text;
    }

    /** A count that is 0 or more, or null where there is none that makes sense. */
    static @Nullable Integer count(BencodeDictionary answer, String key) {
        long value = answer.integer(key).orElse(-1);
        return value < 0 ? null : (Integer) (int) Math.min(value, Integer.MAX_VALUE);
    }

    static ScrapeAnswer counts(BencodeDictionary dictionary) {
        return new ScrapeAnswer(
                count(dictionary, "complete"), count(dictionary, "incomplete"), count(dictionary, "downloaded"));
    }

    static void put(BencodeDictionaryBuilder dictionary, ScrapeAnswer counts) {
        put(dictionary, "complete", counts.seeds());
        put(dictionary, "incomplete", counts.leeches());
        put(dictionary, "downloaded", counts.downloads());
    }

    private static void put(BencodeDictionaryBuilder dictionary, String key, @Nullable Integer count) {
        if (count != null) {
            dictionary.put(key, count);
        }
    }

    static byte[] encode(AnnounceRefusal refusal) {
        var dictionary = BencodeDictionary.builder().put(FAILURE, refusal.reason());
        switch (refusal.retry()) {
            case AnnounceRefusal.Retry.Unsaid() -> {}
            case AnnounceRefusal.Retry.In(Duration delay) -> dictionary.put(RETRY, delay.toMinutes());
            case AnnounceRefusal.Retry.Never() -> dictionary.put(RETRY, "never");
        }
        return BencodeEncoder.encode(dictionary.build());
    }
}
