package dev.spate.core.metadata;

import java.nio.ByteBuffer;

/** What a {@link MetadataExchange} wants done. */
public sealed interface MetadataStep {

    /** Ask a peer for a piece of the metadata. */
    record Ask(int peer, int piece) implements MetadataStep {}

    /**
     * Hash these bytes and compare with the info-hash; answered by {@link MetadataExchange#verified}.
     *
     * @param draft which attempt it is
     * @param bytes all of it; the receiver owns them
     */
    record Verify(int draft, ByteBuffer bytes) implements MetadataStep {}

    /** This peer sent what is not the metadata, there is no doubt; it will not be asked again. */
    record Distrust(int peer, String evidence) implements MetadataStep {}
}
