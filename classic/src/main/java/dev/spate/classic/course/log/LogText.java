package dev.spate.classic.course.log;

import java.util.List;
import java.util.StringJoiner;

/** The text of log lines behind their time, word for word as the project text has it. Pure. */
public final class LogText {
    private LogText() {}

    /** The text of an event, full stop included. */
    public static String of(LogEvent event) {
        StringBuilder text = new StringBuilder(100);
        append(event, text);
        return text.toString();
    }

    /** Adds the text of an event; what a busy peer calls for each message. */
    public static void append(LogEvent event, StringBuilder text) {
        text.append("Peer ").append(event.self());
        switch (event) {
            case LogEvent.Connects(int _, var other) ->
                text.append(" makes a connection to Peer ").append(other);
            case LogEvent.IsConnected(int _, var other) ->
                text.append(" is connected from Peer ").append(other);
            case LogEvent.Prefers(int _, var neighbours) ->
                text.append(" has the preferred neighbors ").append(list(neighbours));
            case LogEvent.Optimistic(int _, var other) ->
                text.append(" has the optimistically unchoked neighbor ").append(other);
            case LogEvent.Unchoked(int _, var other) ->
                text.append(" is unchoked by ").append(other);
            case LogEvent.Choked(int _, var other) ->
                text.append(" is choked by ").append(other);
            case LogEvent.Have(int _, var other, var piece) ->
                text.append(" received the 'have' message from ")
                        .append(other)
                        .append(" for the piece ")
                        .append(piece);
            case LogEvent.Interested(int _, var other) ->
                text.append(" received the 'interested' message from ").append(other);
            case LogEvent.NotInterested(int _, var other) ->
                text.append(" received the 'not interested' message from ").append(other);
            case LogEvent.Downloaded(int _, var other, var piece, var count) ->
                text.append(" has downloaded the piece ")
                        .append(piece)
                        .append(" from ")
                        .append(other)
                        .append(". Now the number of pieces it has is ")
                        .append(count);
            case LogEvent.Complete _ -> text.append(" has downloaded the complete file");
        }
        text.append('.');
    }

    private static String list(List<Integer> ids) {
        StringJoiner joined = new StringJoiner(",");
        ids.forEach(id -> joined.add(id.toString()));
        return joined.toString();
    }
}
