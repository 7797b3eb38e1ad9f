package dev.spate.classic.course.peer;

import dev.spate.classic.course.log.LogEvent;
import dev.spate.classic.course.wire.Message;

/** Something that a {@link CoursePeer} wants done. Links are the numbers that it gave to connections. */
public sealed interface Effect {

    /** Connect to the peer with this id, and tell {@link CoursePeer#connected} or {@link CoursePeer#connectFailed}. */
    record Dial(int id) implements Effect {}

    /** Send our handshake. */
    record Greet(int link) implements Effect {}

    /** Send a message behind all that was sent before. */
    record Send(int link, Message message) implements Effect {}

    /** There are pieces to send; take them with {@link CoursePeer#nextUpload} as the socket has room. */
    record UploadReady(int link) implements Effect {}

    /** Send what is still to be sent, then close our half, and go on reading until the other side closes its own. */
    record Leave(int link) implements Effect {}

    /** Close at once; {@link CoursePeer#disconnected} is not called for this link any more. */
    record Close(int link) implements Effect {}

    /** Write a line into the log. */
    record Log(LogEvent event) implements Effect {}

    /** Tell the person who runs the peer. */
    record Notice(String text) implements Effect {}

    /** It is over; the last effect of all. */
    record End(Ending ending) implements Effect {}
}
