package dev.spate.io.http;

import java.time.Duration;

/**
 * What one request may cost.
 *
 * @param maxBytes of the body, after decompression
 * @param maxRedirects how many redirects are followed
 * @param time for everything, from the look-up of the name to the last byte
 */
public record HttpLimits(int maxBytes, int maxRedirects, Duration time) {
    public HttpLimits {
        if (maxBytes < 0 || maxBytes == Integer.MAX_VALUE || maxRedirects < 0 || !time.isPositive()) {
            throw new IllegalArgumentException(maxBytes + " bytes, " + maxRedirects + " redirects, " + time);
        }
    }
}
