package dev.spate.cli;

import dev.spate.classic.descriptor.NetworkEvent;
import dev.spate.cli.text.Json;
import dev.spate.cli.view.Progress;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/** What a node of the descriptor network tells on its thread, kept until the command's thread shows it. */
final class DescriptorNews {
    /** What does not fit is not told. */
    private static final int MAX = 1000;

    private final OutputOptions output;
    private final Queue<NetworkEvent> events = new ArrayBlockingQueue<>(MAX);

    DescriptorNews(OutputOptions output) {
        this.output = output;
    }

    /** Takes an event; any thread. */
    void take(NetworkEvent event) {
        events.offer(event);
    }

    /** Shows what has come. */
    void show(Progress progress) {
        for (NetworkEvent event = events.poll(); event != null; event = events.poll()) {
            NetworkEvent told = event;
            if (output.json() && !output.quiet()) {
                progress.aside(() -> {
                    output.out().println(json(told));
                    output.out().flush();
                });
            } else {
                progress.say(told.words());
            }
        }
    }

    private static Json json(NetworkEvent event) {
        Json json = new Json();
        switch (event) {
            case NetworkEvent.PeersFound found ->
                json.put("type", "found").put("from", found.from()).put("peers", found.peers());
            case NetworkEvent.Joined joined ->
                json.put("type", "joined")
                        .put("peer", joined.peer())
                        .put("state", joined.state().name().toLowerCase(Locale.ROOT))
                        .put("transfers", joined.enginePort() != 0)
                        .put("weAsked", joined.weAsked());
            case NetworkEvent.Declared declared ->
                json.put("type", "declared")
                        .put("peer", declared.peer())
                        .put("state", declared.state().name().toLowerCase(Locale.ROOT));
            case NetworkEvent.Refused refused ->
                json.put("type", "refused")
                        .put("peer", refused.peer())
                        .put("reason", refused.why().words());
            case NetworkEvent.Gone gone -> json.put("type", "gone").put("peer", gone.peer());
            case NetworkEvent.WalkEnded ended ->
                json.put("type", "walk")
                        .put("walk", ended.walk())
                        .put("answers", ended.answers())
                        .put("joined", ended.joined());
        }
        return json;
    }
}
