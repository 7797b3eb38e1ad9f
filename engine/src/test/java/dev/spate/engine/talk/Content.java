package dev.spate.engine.talk;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.metainfo.Metainfo;
import dev.spate.wire.metainfo.MetainfoBuilder;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Random;

/** A file of random bytes and its metainfo. */
final class Content {
    private final Metainfo metainfo;
    private final byte[] bytes;

    private Content(Metainfo metainfo, byte[] bytes) {
        this.metainfo = metainfo;
        this.bytes = bytes;
    }

    static Content of(int length, int pieceLength) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        MetainfoBuilder builder = MetainfoBuilder.ofFile("file.bin", length, pieceLength);
        PieceLayout layout = builder.layout();
        ByteArrayOutputStream hashes = new ByteArrayOutputStream();
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            for (int piece = 0; piece < layout.pieces(); piece++) {
                sha1.update(bytes, (int) layout.offset(piece), layout.length(piece));
                hashes.writeBytes(sha1.digest());
            }
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
        return new Content(builder.pieces(hashes.toByteArray()).build(), bytes);
    }

    Metainfo metainfo() {
        return metainfo;
    }

    byte[] block(BlockRange block) {
        int from = (int) metainfo.layout().offset(block.piece()) + block.begin();
        return Arrays.copyOfRange(bytes, from, from + block.length());
    }
}
