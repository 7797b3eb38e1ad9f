package dev.spate.wire.tracker;

import dev.spate.wire.Digest;
import java.util.List;

/** A datagram from a client to a tracker (BEP 15). */
public sealed interface UdpRequest {

    /** A number that the client drew, and that the answer repeats. */
    int transaction();

    /** Asks for a connection id, the proof that the client gets what is sent to its address. */
    record Connect(int transaction) implements UdpRequest {}

    /**
     * Announces the client.
     *
     * @param connection the id that the tracker gave in {@link UdpAnswer.Connected}
     * @param announce its tracker id is not sent, and of its own address only IPv4
     * @param urlData path and query of the tracker's URL (BEP 41), ASCII, up to {@link #MAX_URL_DATA} characters; empty if
     *     there is nothing to tell
     */
    record Announce(long connection, int transaction, AnnounceRequest announce, String urlData) implements UdpRequest {

        /** So that the datagram stays below 1,280 bytes, which every IPv6 path carries whole. */
        public static final int MAX_URL_DATA = 1024;

        public Announce {
            if (urlData.length() > MAX_URL_DATA || urlData.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
                throw new IllegalArgumentException("not part of a URL: " + urlData);
            }
        }

        /**
         * What BEP 41 tells the tracker about its own URL.
         *
         * @param url such as {@code udp://tracker.example.com:80/dir?a=b&c=d}
         * @return path and query, such as {@code /dir?a=b&c=d}; empty where the URL has none, or what could not be sent
         */
        public static String urlData(String url) {
            int authority = url.indexOf("://");
            int begin = authority < 0 ? 0 : authority + 3;
            while (begin < url.length() && "/?#".indexOf(url.charAt(begin)) < 0) {
                begin++;
            }
            int fragment = url.indexOf('#', begin);
            String data = url.substring(begin, fragment < 0 ? url.length() : fragment);
            boolean sendable = data.length() <= MAX_URL_DATA && data.chars().allMatch(c -> c > ' ' && c < 0x7f);
            return sendable ? data : "";
        }
    }

    /**
     * Asks how many peers there are in swarms.
     *
     * @param infoHashes 1 to {@link #MAX_SWARMS}, each of 20 bytes
     */
    record Scrape(long connection, int transaction, List<Digest> infoHashes) implements UdpRequest {

        /** BEP 15: "up to about 74 torrents can be scraped at once". */
        public static final int MAX_SWARMS = 74;

        public Scrape {
            infoHashes = List.copyOf(infoHashes);
            if (infoHashes.isEmpty() || infoHashes.size() > MAX_SWARMS) {
                throw new IllegalArgumentException("cannot scrape so many swarms at once: " + infoHashes.size());
            }
            for (Digest infoHash : infoHashes) {
                if (infoHash.length() != Digest.SHA1_LENGTH) {
                    throw new IllegalArgumentException("a scrape has room for 20 bytes of info-hash: " + infoHash);
                }
            }
        }
    }
}
