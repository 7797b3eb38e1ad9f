package dev.spate.wire.tracker;

import java.util.List;

/** A datagram from a tracker to a client (BEP 15). */
public sealed interface UdpAnswer {

    /** The number that the request had; an answer with another one is somebody else's, or forged. */
    int transaction();

    /**
     * Answers {@link UdpRequest.Connect}.
     *
     * @param connection good for requests of the next minute
     */
    record Connected(int transaction, long connection) implements UdpAnswer {}

    /** Answers {@link UdpRequest.Announce}; only interval, seeds, leeches and peers are sent. */
    record Announced(int transaction, AnnounceAnswer answer) implements UdpAnswer {}

    /** Answers {@link UdpRequest.Scrape}, in the order of its info-hashes. */
    record Scraped(int transaction, List<ScrapeAnswer> answers) implements UdpAnswer {
        public Scraped {
            answers = List.copyOf(answers);
        }
    }

    /** Refuses any request; only the reason is sent. */
    record Refused(int transaction, AnnounceRefusal refusal) implements UdpAnswer {}
}
