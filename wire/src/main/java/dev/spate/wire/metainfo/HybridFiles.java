package dev.spate.wire.metainfo;

import dev.spate.wire.Decoding;
import dev.spate.wire.bencode.BencodeDictionary;

/** The files of a hybrid: those of the v1 half, pad files included, each with the root that the v2 half gives it. */
final class HybridFiles implements RawFiles {
    private static final int NONE = -1;

    private final RawFiles v1;
    private final RawFiles v2;

    /** The index in the v2 half of each file of the v1 half, or {@link #NONE}. */
    private final int[] partners;

    private HybridFiles(RawFiles v1, RawFiles v2, int[] partners) {
        this.v1 = v1;
        this.v2 = v2;
        this.partners = partners;
    }

    @Override
    public int count() {
        return v1.count();
    }

    @Override
    public RawFile file(int index) {
        int partner = partners[index];
        RawFile file = v1.file(index);
        return file.withPiecesRoot(partner == NONE ? null : v2.file(partner).piecesRoot());
    }

    /**
     * Joins the two halves.
     *
     * @return malformed unless they speak of the same files, in the same order, at the same places (BEP 52, "upgrade path")
     */
    static Decoding<RawFiles> join(BencodeDictionary info, V1Half v1, V2Half v2) {
        int[] partners = new int[v1.places().count()];
        int partner = 0;
        for (int i = 0; i < partners.length; i++) {
            RawFile file = v1.files().file(i);
            if (file.isPad()) {
                partners[i] = NONE;
                continue;
            }
            if (partner == v2.places().count()) {
                return disagree(info, "more files in v1 than in v2");
            }
            RawFile other = v2.files().file(partner);
            if (!file.path().equals(other.path())) {
                return disagree(info, "file " + i + " has another path in v2");
            }
            if (file.length() != other.length()) {
                return disagree(info, "file " + i + " has another length in v2");
            }
            if (file.length() > 0 && v1.places().offset(i) != v2.places().offset(partner)) {
                return disagree(info, "file " + i + " lies elsewhere in v2");
            }
            partners[i] = partner++;
        }
        if (partner < v2.places().count()) {
            return disagree(info, "more files in v2 than in v1");
        }
        return new Decoding.Decoded<>(new HybridFiles(v1.files(), v2.files(), partners));
    }

    private static Decoding<RawFiles> disagree(BencodeDictionary info, String how) {
        return new Decoding.Malformed<>(info.span().offset(), "the v1 and v2 halves disagree: " + how);
    }
}
