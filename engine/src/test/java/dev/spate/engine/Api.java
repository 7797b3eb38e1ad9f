package dev.spate.engine;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.TypeVariable;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything that a program can name when it embeds the engine, as text: the public types of its exported packages, and those of
 * ours that their signatures lead to. A line is a type or a member, with generics and nullness; the order is that of the text.
 */
final class Api {

    /** The nullness of a type as reflection prints it: behind the package, before the simple name. */
    private static final Pattern NULLABLE =
            Pattern.compile("((?:[a-z]\\w*\\.)*)@org\\.jspecify\\.annotations\\.Nullable\\(\\) ?");

    private static final Pattern TYPE = Pattern.compile("\\b(?:[a-z]\\w*\\.)+[A-Z]\\w*(?:\\$\\w+)*");

    private final SortedMap<String, List<String>> types = new TreeMap<>();

    private Api() {}

    /** Reads the compiled classes in {@code classes} that are in exported packages, and what they lead to. */
    static Api of(Path classes) throws IOException {
        SortedSet<String> exported =
                exports(classes.resolve("module-info.class").toUri().toURL());
        Api api = new Api();
        Deque<Class<?>> open = new ArrayDeque<>();
        try (Stream<Path> files = Files.walk(classes)) {
            files.map(file -> classes.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .map(Api::load)
                    .filter(type -> exported.contains(type.getPackageName()) && isReachable(type))
                    .forEach(open::add);
        }
        while (!open.isEmpty()) {
            api.add(open.remove(), open);
        }
        return api;
    }

    /** The packages that modules of ours export to everybody. */
    static SortedSet<String> exports() throws IOException {
        SortedSet<String> packages = new TreeSet<>();
        for (URL descriptor : Collections.list(Api.class.getClassLoader().getResources("module-info.class"))) {
            packages.addAll(exports(descriptor));
        }
        return packages;
    }

    private static SortedSet<String> exports(URL descriptor) throws IOException {
        try (InputStream in = descriptor.openStream()) {
            ModuleDescriptor module = ModuleDescriptor.read(in);
            return module.exports().stream()
                    .filter(it -> !it.isQualified() && module.name().startsWith("dev.spate."))
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** The types, by their names. */
    List<Class<?>> types() {
        return types.keySet().stream().<Class<?>>map(Api::load).toList();
    }

    List<String> lines() {
        return types.values().stream().flatMap(List::stream).toList();
    }

    /** All types that a line names, but those of {@code java.lang}. */
    static List<String> names(String line) {
        return TYPE.matcher(line).results().map(found -> found.group()).toList();
    }

    static boolean isReachable(Class<?> type) {
        boolean open = Modifier.isPublic(type.getModifiers()) || Modifier.isProtected(type.getModifiers());
        return open && (type.getDeclaringClass() == null || isReachable(type.getDeclaringClass()));
    }

    private void add(Class<?> type, Deque<Class<?>> open) {
        if (types.containsKey(type.getName())) {
            return;
        }
        List<String> lines = new ArrayList<>();
        for (Field field : type.getDeclaredFields()) {
            if (isOpen(field.getModifiers()) && !field.isSynthetic()) {
                lines.add(modifiers(field.getModifiers()) + field.getAnnotatedType() + " " + field.getName());
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isOpen(constructor.getModifiers()) && !constructor.isSynthetic()) {
                lines.add(modifiers(constructor.getModifiers()) + "new" + parameters(constructor));
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isOpen(method.getModifiers()) && !method.isSynthetic() && !isOfObject(method)) {
                lines.add(modifiers(method.getModifiers()) + (method.isDefault() ? "default " : "") + variables(method)
                        + method.getAnnotatedReturnType() + " " + method.getName() + parameters(method));
            }
        }
        Collections.sort(lines);
        lines.replaceAll(line -> type.getName() + ": " + tidy(line));
        lines.addFirst(tidy(header(type)));
        types.put(type.getName(), lines);
        Stream.concat(
                        lines.stream()
                                .flatMap(line -> names(line).stream())
                                .filter(name -> name.startsWith("dev.spate.")),
                        Arrays.stream(type.getDeclaredClasses())
                                .filter(Api::isReachable)
                                .map(Class::getName))
                .map(Api::load)
                .forEach(open::add);
    }

    private static String header(Class<?> type) {
        StringBuilder header = new StringBuilder(type.toGenericString());
        if (type.getSuperclass() != null && !type.isEnum() && !type.isRecord()) {
            header.append(" extends ").append(type.getAnnotatedSuperclass());
        }
        if (type.getInterfaces().length > 0) {
            header.append(type.isInterface() ? " extends " : " implements ")
                    .append(Stream.of(type.getAnnotatedInterfaces())
                            .map(Object::toString)
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }
        if (type.isSealed()) {
            header.append(" permits ")
                    .append(Stream.of(type.getPermittedSubclasses())
                            .map(Class::getName)
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }
        // The name first, so that a type stands above its members.
        return type.getName() + ": = " + header;
    }

    private static boolean isOpen(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    /** Everything has those. */
    private static boolean isOfObject(Method method) {
        return switch (method.getName()) {
            case "equals" -> method.getParameterCount() == 1;
            case "hashCode", "toString" -> method.getParameterCount() == 0;
            default -> false;
        };
    }

    private static String modifiers(int modifiers) {
        int shown = Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.FINAL | Modifier.ABSTRACT;
        return Modifier.toString(modifiers & shown) + " ";
    }

    private static String variables(Method method) {
        TypeVariable<Method>[] variables = method.getTypeParameters();
        return variables.length == 0
                ? ""
                : Stream.of(variables)
                        .map(it -> Stream.of(it.getAnnotatedBounds())
                                .map(Object::toString)
                                .collect(Collectors.joining(" & ", it.getName() + " extends ", "")))
                        .collect(Collectors.joining(", ", "<", "> "));
    }

    private static String parameters(Executable executable) {
        String thrown = Stream.of(executable.getGenericExceptionTypes())
                .map(java.lang.reflect.Type::getTypeName)
                .sorted()
                .collect(Collectors.joining(", "));
        return Stream.of(executable.getParameters())
                        .map((Parameter it) -> it.getAnnotatedType() + " " + it.getName())
                        .collect(Collectors.joining(", ", "(", ")"))
                + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    private static String tidy(String line) {
        Matcher nullable = NULLABLE.matcher(line);
        return nullable.replaceAll("@Nullable $1").replaceAll("\\bjava\\.lang\\.(?=[A-Z])", "");
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, Api.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
