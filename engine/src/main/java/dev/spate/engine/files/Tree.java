package dev.spate.engine.files;

import dev.spate.wire.metainfo.FileEntry;
import dev.spate.wire.metainfo.Metainfo;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The folders and files of a torrent, by name. */
final class Tree {

    sealed interface Node {}

    /** A folder with what is in it, in order of names. */
    record Folder(NavigableMap<String, Node> children) implements Node {
        Folder() {
            this(new TreeMap<>());
        }
    }

    record Leaf(FileEntry file) implements Node {}

    private final Folder root = new Folder();

    Tree(Metainfo metainfo) {
        Folder top = root;
        if (!metainfo.isSingleFile()) {
            top = new Folder();
            root.children().put(metainfo.name(), top);
        }
        for (FileEntry file : metainfo.files()) {
            if (!file.isPad() && !file.isSymlink()) {
                add(top, file);
            }
        }
    }

    private static void add(Folder top, FileEntry file) {
        Folder folder = top;
        for (String name : file.path().subList(0, file.path().size() - 1)) {
            Node child = folder.children().computeIfAbsent(name, key -> new Folder());
            if (!(child instanceof Folder next)) {
                throw new IllegalStateException("a file and a folder are both " + file.pathText());
            }
            folder = next;
        }
        folder.children().put(file.name(), new Leaf(file));
    }

    /** What is at the end of these names from the root on, or null. */
    @Nullable
    Node find(List<String> names) {
        Node node = root;
        for (String name : names) {
            if (!(node instanceof Folder folder)) {
                return null;
            }
            Node child = folder.children().get(name);
            if (child == null) {
                return null;
            }
            node = child;
        }
        return node;
    }
}
