package dev.spate.wire.metainfo;

import dev.spate.wire.Decoding;
import dev.spate.wire.Digest;
import dev.spate.wire.PieceLayout;
import dev.spate.wire.bencode.BencodeDictionary;
import dev.spate.wire.bencode.BencodeString;
import dev.spate.wire.bencode.BencodeValue;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * What BEP 52 keeps in the info dictionary: a tree of files, each beginning with a piece of its own.
 *
 * @param isSingleFile whether the tree is nothing but one file
 */
record V2Half(Tree files, FilePlaces places, boolean isSingleFile) {

    /**
     * The files in the order of the tree, as offsets into the metainfo: of each the dictionary, the name, and the number of
     * its folder; of each folder its name and the number of the folder around it.
     */
    static final class Tree implements RawFiles {
        private static final int ROOT = -1;

        private final byte[] metainfo;
        private int[] files = new int[24];
        private int fileCount;
        private int[] folders = new int[16];
        private int folderCount;

        private Tree(byte[] metainfo) {
            this.metainfo = metainfo;
        }

        private void addFile(int dictionary, int name, int folder) {
            if (3 * fileCount == files.length) {
                files = Arrays.copyOf(files, 2 * files.length);
            }
            files[3 * fileCount] = dictionary;
            files[3 * fileCount + 1] = name;
            files[3 * fileCount + 2] = folder;
            fileCount++;
        }

        private int addFolder(int name, int parent) {
            if (2 * folderCount == folders.length) {
                folders = Arrays.copyOf(folders, 2 * folders.length);
            }
            folders[2 * folderCount] = name;
            folders[2 * folderCount + 1] = parent;
            return folderCount++;
        }

        @Override
        public int count() {
            return fileCount;
        }

        @Override
        public RawFile file(int index) {
            BencodeDictionary file = RawFiles.reread(metainfo, files[3 * index], BencodeDictionary.class);
            List<String> path = names(index).stream().map(BencodeString::text).toList();
            RawFile raw = RawFile.of(file, path, Texts.UTF_8);
            return raw.length() == 0 ? raw.withPiecesRoot(null) : raw;
        }

        /** The path of a file, in the tree's own bytes. */
        List<BencodeString> names(int index) {
            Deque<BencodeString> names = new ArrayDeque<>();
            names.addFirst(stringAt(files[3 * index + 1]));
            for (int folder = files[3 * index + 2]; folder != ROOT; folder = folders[2 * folder + 1]) {
                names.addFirst(stringAt(folders[2 * folder]));
            }
            return List.copyOf(names);
        }

        private BencodeString stringAt(int offset) {
            return RawFiles.reread(metainfo, offset, BencodeString.class);
        }
    }

    /** A folder that is being walked through. */
    private record Folder(int number, Iterator<BencodeDictionary.Entry> entries) {}

    static Decoding<V2Half> read(byte[] metainfo, BencodeDictionary info, int pieceLength) {
        if (!(info.get("file tree").orElse(null) instanceof BencodeDictionary root)) {
            return malformed(info, "`file tree` is missing or not a dictionary");
        }
        Tree tree = new Tree(metainfo);
        FilePlaces places = new FilePlaces();
        Deque<Folder> open = new ArrayDeque<>();
        open.addFirst(new Folder(Tree.ROOT, root.iterator()));
        while (!open.isEmpty()) {
            Folder folder = open.getFirst();
            if (!folder.entries().hasNext()) {
                open.removeFirst();
                continue;
            }
            BencodeDictionary.Entry entry = folder.entries().next();
            if (!(entry.value() instanceof BencodeDictionary node)) {
                return malformed(entry.value(), "an entry of the `file tree` is not a dictionary");
            }
            if (entry.key().length() == 0) {
                // BEP 52: an empty key without a length describes the folder around it, which we have no use for.
                if (isFile(node)) {
                    return malformed(node, "a file with others beside it in the `file tree`");
                }
                continue;
            }
            int name = entry.key().span().offset();
            if (node.get("").orElse(null) instanceof BencodeDictionary file && isFile(file)) {
                if (node.size() > 1) {
                    return malformed(node, "a file with others beside it in the `file tree`");
                }
                switch (readFile(file, places)) {
                    case Decoding.Decoded<Long>(var length) -> places.add(length, pieceLength);
                    case Decoding.Malformed<Long> malformed -> {
                        return malformed.as();
                    }
                    case Decoding.NeedMore<Long> needMore -> throw new AssertionError(needMore);
                }
                tree.addFile(file.span().offset(), name, folder.number());
            } else {
                if (tree.folderCount == FileTable.MAX_FOLDERS) {
                    return malformed(node, "more than " + FileTable.MAX_FOLDERS + " folders");
                }
                open.addFirst(new Folder(tree.addFolder(name, folder.number()), node.iterator()));
            }
        }
        if (tree.count() == 0) {
            return malformed(root, "no file in the `file tree`");
        }
        if (Math.ceilDiv(places.total(), (long) pieceLength) > PieceLayout.MAX_PIECES) {
            return malformed(root, "more than " + PieceLayout.MAX_PIECES + " pieces");
        }
        boolean isSingleFile = root.size() == 1 && tree.folderCount == 0;
        return new Decoding.Decoded<>(new V2Half(tree, places, isSingleFile));
    }

    /** BEP 52: the presence of a length makes a file. BEP 47: a symlink may do without. */
    private static boolean isFile(BencodeDictionary node) {
        return node.contains("length") || RawFile.attributes(node).contains(FileAttribute.SYMLINK);
    }

    /** Checks one file; its length in bytes. */
    private static Decoding<Long> readFile(BencodeDictionary file, FilePlaces places) {
        if (places.count() == Metainfo.MAX_FILES) {
            return malformed(file, "more than " + Metainfo.MAX_FILES + " files");
        }
        Set<FileAttribute> attributes = RawFile.attributes(file);
        if (attributes.contains(FileAttribute.PAD)) {
            return malformed(file, "a pad file in the `file tree`");
        }
        long length = file.contains("length") ? file.integer("length").orElse(-1) : 0;
        if (length < 0) {
            return malformed(file, "`length` is not the length of a file");
        }
        if (!places.hasRoomFor(length)) {
            return malformed(file, "the files are too long together");
        }
        if (length > 0 && attributes.contains(FileAttribute.SYMLINK)) {
            return malformed(file, "a symlink with a `length` of " + length);
        }
        int rootLength = file.string("pieces root").map(BencodeString::length).orElse(0);
        if (length > 0 && rootLength != Digest.SHA256_LENGTH) {
            return malformed(file, "a file without a `pieces root` of 32 bytes");
        }
        return new Decoding.Decoded<>(length);
    }

    private static <T> Decoding<T> malformed(BencodeValue at, String reason) {
        return new Decoding.Malformed<>(at.span().offset(), reason);
    }
}
