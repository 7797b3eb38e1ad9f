package dev.spate.engine.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.engine.AddOptions;
import dev.spate.engine.Session;
import dev.spate.engine.Torrent;
import dev.spate.wire.PeerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TorrentFileSystemTest {
    private static final Album ALBUM = new Album();

    @TempDir
    private Path folder;

    private static PeerAddress address(Session session) {
        InetSocketAddress address = session.listenAddresses().getFirst();
        return PeerAddress.of(address.getAddress().getAddress(), address.getPort());
    }

    private Torrent seed(Session session) throws IOException {
        Torrent torrent = session.add(
                ALBUM.metainfo,
                AddOptions.into(ALBUM.writeTo(folder.resolve("seed"))).withoutTrackers());
        torrent.completion().join();
        return torrent;
    }

    private URI torrentFile() throws IOException {
        Path file = folder.resolve("the album.torrent");
        Files.write(file, ALBUM.metainfo.toBytes());
        return URI.create("spate:" + file.toUri());
    }

    /** Shows a file system over files that are all here. */
    private void withFiles(ThrowingConsumer<FileSystem> test) throws Throwable {
        try (Session session = Session.open(Album.settings());
                FileSystem files = TorrentFileSystems.of(seed(session))) {
            test.accept(files);
        }
    }

    @Test
    void filesAreCopiedOutWhileTheyArrive() throws Exception {
        Map<String, Object> env = new HashMap<>();
        env.put("folder", folder.resolve("leech"));
        env.put("settings", Album.settings());
        try (Session seed = Session.open(Album.settings())) {
            seed(seed);
            env.put("peers", List.of(address(seed)));
            try (FileSystem files = FileSystems.newFileSystem(torrentFile(), env);
                    Stream<Path> all = Files.walk(files.getPath("/"))) {
                for (Path path : all.filter(Files::isRegularFile).toList()) {
                    Path target = folder.resolve("copy").resolve(path.toString().substring(1));
                    Files.createDirectories(target.getParent());
                    Files.copy(path, target);
                }
            }
        }
        for (int i = 0; i < Album.PATHS.size(); i++) {
            Path copy = folder.resolve("copy/album").resolve(String.join("/", Album.PATHS.get(i)));
            assertThat(Files.readAllBytes(copy)).isEqualTo(ALBUM.file(i));
        }
    }

    @Test
    void showsFoldersAndFilesInOrder() throws Throwable {
        withFiles(files -> {
            try (Stream<Path> all = Files.walk(files.getPath("/"))) {
                assertThat(all.map(Path::toString))
                        .containsExactly(
                                "/",
                                "/album",
                                "/album/cd 1",
                                "/album/cd 1/01.flac",
                                "/album/cd 1/02.flac",
                                "/album/cd 2",
                                "/album/cd 2/.log",
                                "/album/cover.jpg");
            }
            Path top = files.getPath("album");
            List<String> names = new ArrayList<>();
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(top.resolve("cd 1"), "*2.{flac,ogg}")) {
                stream.forEach(path -> names.add(path.toString()));
                assertThatThrownBy(stream::iterator).isInstanceOf(IllegalStateException.class);
            }
            assertThat(names).containsExactly("album/cd 1/02.flac");
            assertThatThrownBy(() -> Files.newDirectoryStream(top.resolve("cover.jpg")))
                    .isInstanceOf(NotDirectoryException.class);
            assertThatThrownBy(() -> Files.newDirectoryStream(files.getPath("nothing")))
                    .isInstanceOf(NoSuchFileException.class);
        });
    }

    @Test
    void knowsAttributes() throws Throwable {
        withFiles(files -> {
            Path song = files.getPath("/album/cd 1/01.flac");
            Path disc = files.getPath("/album/cd 1");
            assertThat(Files.size(song)).isEqualTo(600_000);
            assertThat(Files.isRegularFile(song)).isTrue();
            assertThat(Files.isDirectory(disc)).isTrue();
            assertThat(Files.isSymbolicLink(song)).isFalse();
            assertThat(Files.isReadable(song)).isTrue();
            assertThat(Files.isWritable(song)).isFalse();
            assertThat(Files.isExecutable(song)).isFalse();
            assertThat(Files.isExecutable(disc)).isTrue();
            assertThat(Files.exists(song.resolveSibling("x"))).isFalse();
            assertThat(Files.exists(song.resolve("x"))).isFalse();
            assertThat(Files.isHidden(song)).isFalse();
            assertThat(Files.isHidden(files.getPath("/album/cd 2/.log"))).isTrue();
            assertThat(Files.getLastModifiedTime(song)).isEqualTo(FileTime.fromMillis(0));
            assertThat(Files.readAttributes(song, "size,isDirectory"))
                    .containsExactly(Map.entry("size", 600_000L), Map.entry("isDirectory", false));
            assertThat(Files.readAttributes(song, "*")).hasSize(8);
            assertThat(Files.getAttribute(song, "basic:size")).isEqualTo(600_000L);
            assertThatThrownBy(() -> Files.readAttributes(song, "owner")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Files.readAttributes(song, "posix:*"))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> Files.readAttributes(song, PosixFileAttributes.class))
                    .isInstanceOf(UnsupportedOperationException.class);
            BasicFileAttributes view = Files.getFileAttributeView(song, BasicFileAttributeView.class)
                    .readAttributes();
            assertThat(view.size()).isEqualTo(600_000);
            assertThat(view.isOther()).isFalse();
            assertThat(view.fileKey()).isNull();
            assertThat(Files.getFileStore(song).isReadOnly()).isTrue();
            assertThat(Files.getFileStore(song).getTotalSpace()).isEqualTo(ALBUM.content.length);
            assertThat(Files.getFileStore(song).getAttribute("usableSpace")).isEqualTo(0L);
            assertThat(files.supportedFileAttributeViews()).containsExactly("basic");
            assertThat(files.isReadOnly()).isTrue();
        });
    }

    @Test
    void readsWhatIsAskedFor() throws Throwable {
        withFiles(files -> {
            Path song = files.getPath("/album/cd 1/02.flac");
            assertThat(Files.readAllBytes(song)).isEqualTo(ALBUM.file(2));
            try (SeekableByteChannel channel = Files.newByteChannel(song)) {
                ByteBuffer two = ByteBuffer.allocate(2);
                channel.position(100_000).read(two);
                assertThat(two.array()).containsExactly(ALBUM.file(2)[100_000], ALBUM.file(2)[100_001]);
            }
            assertThat(Files.mismatch(song, folder.resolve("seed/album/cd 1/02.flac")))
                    .isEqualTo(-1);
            assertThatThrownBy(() -> Files.newByteChannel(files.getPath("/album/cd 1")))
                    .isInstanceOf(FileSystemException.class);
            assertThatThrownBy(() -> Files.readAllBytes(song.resolveSibling("x")))
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessage("/album/cd 1/x");
        });
    }

    @Test
    void tellsTheSameFileByItsPlace() throws Throwable {
        withFiles(files -> {
            Path song = files.getPath("/album/cd 1/02.flac");
            assertThat(Files.isSameFile(song, files.getPath("album/cd 2/../cd 1/./02.flac")))
                    .isTrue();
            assertThat(Files.isSameFile(song, song.resolveSibling("01.flac"))).isFalse();
            assertThat(Files.isSameFile(song, folder)).isFalse();
            assertThatThrownBy(() -> Files.isSameFile(song, files.getPath("x")))
                    .isInstanceOf(NoSuchFileException.class);
            assertThat(files.getPath("album/../album").toRealPath()).isEqualTo(files.getPath("/album"));
        });
    }

    @Test
    void nothingIsWritten() throws Throwable {
        withFiles(files -> {
            Path song = files.getPath("/album/cd 1/02.flac");
            Path other = files.getPath("/other");
            Path outside = Files.writeString(folder.resolve("outside"), "x");
            List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> writes = List.of(
                    () -> Files.write(song, new byte[1]),
                    () -> Files.newByteChannel(song, StandardOpenOption.APPEND),
                    () -> Files.newByteChannel(song, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    () -> Files.newOutputStream(other),
                    () -> Files.createDirectory(other),
                    () -> Files.createFile(other),
                    () -> Files.delete(song),
                    () -> Files.copy(song, other),
                    () -> Files.copy(outside, other),
                    () -> Files.move(song, other),
                    () -> Files.setLastModifiedTime(song, FileTime.fromMillis(1)),
                    () -> Files.setAttribute(song, "basic:creationTime", FileTime.fromMillis(1)));
            for (var write : writes) {
                assertThatThrownBy(write).isInstanceOf(ReadOnlyFileSystemException.class);
            }
            assertThat(Files.exists(song, LinkOption.NOFOLLOW_LINKS)).isTrue();
            assertThatThrownBy(files::newWatchService).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(files::getUserPrincipalLookupService).isInstanceOf(UnsupportedOperationException.class);
        });
    }

    @Test
    void closingEndsWhatItBegan() throws Exception {
        try (Session session = Session.open(Album.settings())) {
            Map<String, Object> env = Map.of("folder", folder.resolve("leech").toString(), "session", session);
            URI uri = torrentFile();
            FileSystem files = FileSystems.newFileSystem(uri, env);
            assertThat(FileSystems.getFileSystem(uri)).isSameAs(files);
            assertThatThrownBy(() -> FileSystems.newFileSystem(uri, env))
                    .isInstanceOf(FileSystemAlreadyExistsException.class);
            assertThat(session.torrents()).hasSize(1);
            Path song = files.getPath("/album/cd 1/02.flac");
            assertThat(Path.of(song.toUri())).isEqualTo(song);
            assertThat(song.toUri().toString()).startsWith("spate:file:").endsWith("!/album/cd%201/02.flac");
            SeekableByteChannel channel = Files.newByteChannel(song);

            files.close();
            files.close();

            assertThat(files.isOpen()).isFalse();
            assertThat(channel.isOpen()).isFalse();
            assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> Files.size(song)).isInstanceOf(ClosedFileSystemException.class);
            assertThatThrownBy(() -> FileSystems.getFileSystem(uri)).isInstanceOf(FileSystemNotFoundException.class);
            assertThat(session.torrents()).isEmpty();
        }
    }

    @Test
    void aTorrentThatTheSessionHadStaysInIt() throws Exception {
        try (Session session = Session.open(Album.settings())) {
            Torrent torrent = seed(session);
            Map<String, Object> env = Map.of("folder", folder, "session", session);
            FileSystems.newFileSystem(torrentFile(), env).close();
            TorrentFileSystems.of(torrent).close();

            assertThat(session.torrents()).containsExactly(torrent);
        }
    }

    @Test
    void aTorrentFileWithAFolderIsAFileSystemByItsPathToo() throws Exception {
        Path file = Path.of(URI.create(torrentFile().getRawSchemeSpecificPart()));
        try (Session session = Session.open(Album.settings());
                FileSystem files = FileSystems.newFileSystem(file, Map.of("folder", folder, "session", session))) {
            assertThat(Files.exists(files.getPath("/album"))).isTrue();
        }
        assertThatThrownBy(() -> FileSystems.newFileSystem(file, Map.of()))
                .isInstanceOf(ProviderNotFoundException.class);
    }

    @Test
    void whatCannotBeOpenedIsSaid() throws Exception {
        URI uri = torrentFile();
        assertThatThrownBy(() -> FileSystems.newFileSystem(uri, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no download folder");
        assertThatThrownBy(() -> FileSystems.newFileSystem(uri, Map.of("folder", folder, "session", "mine")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no Session");
        assertThatThrownBy(() -> FileSystems.newFileSystem(uri, Map.of("folder", folder, "peers", List.of("x"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FileSystems.newFileSystem(URI.create("spate:x.torrent"), Map.of("folder", folder)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("spate:file:///");
        Path broken = Files.writeString(folder.resolve("broken.torrent"), "d4:info");
        assertThatThrownBy(() ->
                        FileSystems.newFileSystem(URI.create("spate:" + broken.toUri()), Map.of("folder", folder)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("torrent file");
    }
}
