package dev.spate.core.swarm;

import dev.spate.core.peer.Peer;
import dev.spate.wire.PeerAddress;
import dev.spate.wire.PeerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All connections by their slots.
 *
 * <p>A slot is given when a connection begins, the lowest that is free, and is free again only when the shell has said that the
 * connection is gone; so a late input for a closed connection never reaches another one. {@link #all} is in the order of
 * slots.
 */
final class Conversations {
    private final List<@Nullable Conversation> slots = new ArrayList<>();
    private final List<Conversation> all = new ArrayList<>();
    private int firstFree;

    /** How many there are that are not closing. */
    private int open;

    Conversation add(Peer peer, PeerAddress address, @Nullable Candidate candidate, long now) {
        int slot = firstFree;
        Conversation conversation = new Conversation(slot, peer, address, candidate, now);
        if (slot == slots.size()) {
            slots.add(conversation);
        } else {
            slots.set(slot, conversation);
        }
        firstFree = slots.subList(slot, slots.size()).indexOf(null);
        firstFree = firstFree < 0 ? slots.size() : firstFree + slot;
        int place = Collections.binarySearch(all, conversation, (a, b) -> Integer.compare(a.slot, b.slot));
        all.add(-place - 1, conversation);
        open++;
        return conversation;
    }

    /** The connection at this slot, which must be given. */
    Conversation at(int slot) {
        Conversation conversation = slot < slots.size() ? slots.get(slot) : null;
        if (conversation == null) {
            throw new IllegalArgumentException("no peer " + slot);
        }
        return conversation;
    }

    void closing(Conversation conversation) {
        if (!conversation.closing) {
            conversation.closing = true;
            open--;
        }
    }

    /** The slot may be given again. */
    void remove(Conversation conversation) {
        closing(conversation);
        slots.set(conversation.slot, null);
        all.remove(conversation);
        firstFree = Math.min(firstFree, conversation.slot);
    }

    /** How many there are, of any phase, that are not closing. */
    int open() {
        return open;
    }

    /** All, in the order of slots; closing ones as well. Not to be changed while it is walked. */
    List<Conversation> all() {
        return all;
    }

    /** The live connection to this peer, if there is one besides the given. */
    @Nullable
    Conversation withId(PeerId id, @Nullable Conversation besides) {
        for (Conversation conversation : all) {
            if (conversation != besides && conversation.isLive() && Objects.equals(id, conversation.peer.id())) {
                return conversation;
            }
        }
        return null;
    }
}
