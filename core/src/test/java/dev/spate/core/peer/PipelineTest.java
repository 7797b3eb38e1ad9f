package dev.spate.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.wire.BlockRange;
import dev.spate.wire.PieceLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PipelineTest {
    private static final PieceLayout LAYOUT = new PieceLayout(1L << 30, 1 << 20);

    /** The same random operations on a list; compared after each step. */
    @Test
    void agreesWithAList() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Pipeline pipeline = new Pipeline();
            List<BlockRange> model = new ArrayList<>();
            List<Long> times = new ArrayList<>();
            int next = 0;
            for (long now = 1; now < 2000; now++) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> {
                        BlockRange block = LAYOUT.block(next / 64, next % 64);
                        next++;
                        pipeline.add(block);
                        model.add(block);
                    }
                    case 3, 4 -> {
                        BlockRange sent = pipeline.send(now);
                        assertThat(sent).isEqualTo(times.size() < model.size() ? model.get(times.size()) : null);
                        if (sent != null) {
                            times.add(now);
                        }
                    }
                    case 5, 6 -> {
                        if (model.isEmpty()) {
                            continue;
                        }
                        int index = random.nextInt(3) == 0 ? random.nextInt(model.size()) : 0;
                        BlockRange block = model.remove(index);
                        if (index < times.size()) {
                            times.remove(index);
                        }
                        assertThat(pipeline.remove(block)).isTrue();
                        assertThat(pipeline.remove(block)).isFalse();
                    }
                    default -> {
                        if (random.nextInt(20) > 0) {
                            continue;
                        }
                        int keep = random.nextInt(model.size() + 1);
                        List<BlockRange> cut = new ArrayList<>();
                        pipeline.removeFrom(keep, cut);
                        assertThat(cut).isEqualTo(model.subList(keep, model.size()));
                        model.subList(keep, model.size()).clear();
                        times.subList(Math.min(keep, times.size()), times.size())
                                .clear();
                    }
                }
                assertThat(pipeline.size()).as("seed %d", seed).isEqualTo(model.size());
                assertThat(pipeline.sent()).isEqualTo(times.size());
                assertThat(pipeline.hasUnsent()).isEqualTo(times.size() < model.size());
                assertThat(pipeline.oldest()).isEqualTo(model.isEmpty() ? null : model.getFirst());
                if (!times.isEmpty()) {
                    assertThat(pipeline.oldestSentAt()).isEqualTo(times.getFirst());
                }
                for (int i = 0; i < model.size(); i++) {
                    assertThat(pipeline.contains(model.get(i))).isTrue();
                    assertThat(pipeline.containsSent(model.get(i))).isEqualTo(i < times.size());
                }
            }
        }
    }
}
