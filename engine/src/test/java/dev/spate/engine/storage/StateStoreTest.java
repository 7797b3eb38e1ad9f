package dev.spate.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.spate.engine.store.MemoryStateStore;
import dev.spate.engine.store.StateStore;
import dev.spate.engine.store.StateStore.Kind;
import dev.spate.wire.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every store of state promises, whatever it is made of. */
class StateStoreTest {
    private static final Digest ONE = Samples.INFO_HASH;
    private static final Digest OTHER = Digest.ofHex("ffffffffffffffffffffffffffffffffffffffff");

    @TempDir
    private static Path temporary;

    private static int folders;

    static Stream<StateStore> stores() {
        return Stream.of(new FolderStateStore(temporary.resolve("state-" + folders++)), new MemoryStateStore());
    }

    @ParameterizedTest
    @MethodSource("stores")
    void keepsEachKindByItself(StateStore store) throws IOException {
        for (Kind kind : Kind.values()) {
            assertThat(store.load(ONE, kind)).isEmpty();
            assertThat(store.list(kind)).isEmpty();
        }
        for (Kind kind : Kind.values()) {
            store.save(ONE, kind, kind.name().getBytes(StandardCharsets.US_ASCII));
        }
        store.save(OTHER, Kind.METAINFO, new byte[] {9});

        for (Kind kind : Kind.values()) {
            assertThat(store.load(ONE, kind)).hasValue(kind.name().getBytes(StandardCharsets.US_ASCII));
            assertThat(store.list(kind)).hasSameElementsAs(kind == Kind.METAINFO ? List.of(ONE, OTHER) : List.of(ONE));
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void appendsToWhatWasSavedLast(StateStore store) throws IOException {
        store.save(ONE, Kind.PROGRESS, new byte[] {1, 2});
        store.append(ONE, new byte[] {3});
        store.append(ONE, new byte[] {4, 5});
        assertThat(store.load(ONE, Kind.PROGRESS)).hasValue(new byte[] {1, 2, 3, 4, 5});

        store.save(ONE, Kind.PROGRESS, new byte[] {7});
        store.append(ONE, new byte[] {8});
        assertThat(store.load(ONE, Kind.PROGRESS)).hasValue(new byte[] {7, 8});
    }

    @ParameterizedTest
    @MethodSource("stores")
    void keepsWhatIsReleasedButAppendsNothing(StateStore store) throws IOException {
        store.save(ONE, Kind.PROGRESS, new byte[] {1});
        store.append(ONE, new byte[] {2});
        store.release(ONE);
        store.release(ONE);

        assertThat(store.load(ONE, Kind.PROGRESS)).hasValue(new byte[] {1, 2});
        assertThatIllegalStateException().isThrownBy(() -> store.append(ONE, new byte[] {3}));
        assertThatIllegalStateException().isThrownBy(() -> store.append(OTHER, new byte[] {3}));
    }

    @ParameterizedTest
    @MethodSource("stores")
    void forgetsOneKind(StateStore store) throws IOException {
        store.save(ONE, Kind.METAINFO, new byte[] {1});
        store.save(ONE, Kind.MOVE, new byte[] {2});
        store.remove(ONE, Kind.MOVE);
        store.remove(ONE, Kind.MOVE);
        store.remove(OTHER, Kind.METAINFO);

        assertThat(store.load(ONE, Kind.MOVE)).isEmpty();
        assertThat(store.load(ONE, Kind.METAINFO)).hasValue(new byte[] {1});
    }
}
