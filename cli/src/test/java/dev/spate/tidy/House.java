package dev.spate.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.attribute.ModuleAttribute;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The modules as they are compiled, read from class files, and their sources.
 *
 * <p>What a class needs is taken from all the text in its constant pool: class names, descriptors, generic signatures and
 * annotations. Only an inlined constant leaves no trace there.
 */
final class House {

    /**
     * One compiled type.
     *
     * @param room its package, without {@code dev.spate}
     * @param texts all text of its constant pool: names with slashes, descriptors, and string constants
     * @param members what it calls or reads, as {@code java/lang/System.nanoTime:()J}
     */
    record Type(String room, String simpleName, boolean isInterface, Set<String> texts, Set<String> members) {

        String name() {
            return room + "." + simpleName;
        }

        /** The packages of ours that it names. */
        Set<String> rooms() {
            var rooms = new TreeSet<String>();
            for (String text : texts) {
                OWN_TYPE.matcher(text)
                        .results()
                        .forEach(found -> rooms.add(found.group(1).replace('/', '.')));
            }
            return rooms;
        }
    }

    private static final Pattern OWN_TYPE = Pattern.compile("dev/spate/([a-z0-9_/]+)/[A-Z]");

    private final Path root;

    House(Path root) {
        this.root = root;
    }

    /** The modules of the build in their order, as far as they are compiled before the last one that is asked for. */
    List<String> modulesUpTo(String last) throws IOException {
        Matcher names = Pattern.compile("<module>(\\w+)</module>").matcher(Files.readString(root.resolve("pom.xml")));
        var modules = new ArrayList<String>();
        while (names.find()) {
            modules.add(names.group(1));
            if (names.group(1).equals(last)) {
                return modules;
            }
        }
        throw new IllegalStateException("pom.xml does not build " + last);
    }

    /** What {@code module-info} requires, with {@code dev.spate.} left off our own modules; never {@code java.base}. */
    Set<String> requires(String module) throws IOException {
        var required = new TreeSet<String>();
        ClassModel descriptor = ClassFile.of().parse(classes(module).resolve("module-info.class"));
        for (var attribute : descriptor.attributes()) {
            if (attribute instanceof ModuleAttribute declared) {
                declared.requires()
                        .forEach(it ->
                                required.add(withoutPrefix(it.requires().name().stringValue())));
            }
        }
        required.remove("java.base");
        return required;
    }

    List<Type> types(String module) throws IOException {
        try (Stream<Path> files = Files.walk(classes(module))) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.endsWith("module-info.class"))
                    .filter(file -> !file.endsWith("package-info.class"))
                    .sorted()
                    .map(House::type)
                    .toList();
        }
    }

    /** The arrows between packages, each package of the modules as a key. */
    SortedMap<String, Set<String>> packageArrows(List<String> modules) throws IOException {
        var arrows = new TreeMap<String, Set<String>>();
        for (String module : modules) {
            for (Type type : types(module)) {
                Set<String> to = arrows.computeIfAbsent(type.room(), room -> new TreeSet<>());
                to.addAll(type.rooms());
                to.remove(type.room());
            }
        }
        return arrows;
    }

    /** All text files below {@code src} of every module, or below {@code src/test} only. */
    List<Path> sources(String below) throws IOException {
        var found = new ArrayList<Path>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.sorted().toList()) {
                Path source = module.resolve(below);
                if (Files.exists(module.resolve("pom.xml")) && Files.isDirectory(source)) {
                    try (Stream<Path> files = Files.walk(source)) {
                        files.filter(file -> file.toString().matches(".*\\.(java|py|mjs|sh|xml|properties)"))
                                .sorted()
                                .forEach(found::add);
                    }
                }
            }
        }
        return found;
    }

    private Path classes(String module) {
        Path classes = root.resolve(module).resolve("target/classes");
        if (!Files.isDirectory(classes)) {
            throw new IllegalStateException(module + " is not compiled; build with: mvn verify -pl cli -am");
        }
        return classes;
    }

    private static Type type(Path file) {
        ClassModel model;
        try {
            model = ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String name = model.thisClass().asInternalName();
        int slash = name.lastIndexOf('/');
        var texts = new TreeSet<String>();
        var members = new TreeSet<String>();
        for (PoolEntry entry : model.constantPool()) {
            if (entry instanceof Utf8Entry text) {
                texts.add(text.stringValue());
            } else if (entry instanceof MemberRefEntry member) {
                members.add(member.owner().asInternalName() + "."
                        + member.name().stringValue() + ":" + member.type().stringValue());
            }
        }
        return new Type(
                withoutPrefix(name.substring(0, slash).replace('/', '.')),
                name.substring(slash + 1),
                model.flags().has(AccessFlag.INTERFACE),
                texts,
                members);
    }

    private static String withoutPrefix(String name) {
        return name.startsWith("dev.spate.") ? name.substring("dev.spate.".length()) : name;
    }
}
