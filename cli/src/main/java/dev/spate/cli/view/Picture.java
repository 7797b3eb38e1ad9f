package dev.spate.cli.view;

import dev.spate.cli.text.Quantities;
import dev.spate.engine.TorrentState;
import dev.spate.wire.PieceSet;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** What the live view draws: a line a torrent, and below it a remark where there is one. Pure. */
final class Picture {

    private static final int NAME_WIDTH = 28;
    private static final int MIN_BAR = 8;
    private static final int MAX_BAR = 60;

    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    private static final AttributedStyle DIM = AttributedStyle.DEFAULT.faint();

    private Picture() {}

    /**
     * Draws.
     *
     * @param width columns that may be used
     * @param height lines that may be used; what does not fit is counted in the last line
     */
    static List<AttributedString> draw(List<Look> looks, int width, int height, PieceMap.Glyphs glyphs) {
        List<AttributedString> lines = new ArrayList<>();
        int nameWidth = looks.stream()
                .mapToInt(look -> new AttributedString(ProgressText.name(look)).columnLength())
                .max()
                .orElse(0);
        for (Look look : looks) {
            lines.add(line(look, Math.min(nameWidth, NAME_WIDTH), width, glyphs));
            if (!look.remark().isEmpty()) {
                lines.add(new AttributedString("  " + look.remark(), DIM).columnSubSequence(0, width));
            }
        }
        if (lines.size() > height) {
            int more = looks.size();
            List<AttributedString> kept = new ArrayList<>(lines.subList(0, Math.max(0, height - 1)));
            kept.add(new AttributedString("(" + more + " torrents; the window is too low for all)", DIM)
                    .columnSubSequence(0, width));
            return kept;
        }
        return lines;
    }

    private static AttributedString line(Look look, int nameWidth, int width, PieceMap.Glyphs glyphs) {
        AttributedString name = new AttributedString(ProgressText.name(look)).columnSubSequence(0, nameWidth);
        String figures = ProgressText.figures(look);
        AttributedStringBuilder line = new AttributedStringBuilder();
        line.append(name).append(" ".repeat(nameWidth - name.columnLength() + 1));
        int room = width - nameWidth - 5 - figures.length();
        if (room >= MIN_BAR) {
            line.append("[").append(PieceMap.draw(look.flushed(), Math.min(room, MAX_BAR), glyphs), color(look));
            line.append("] ");
        }
        line.append(figures);
        return line.toAttributedString().columnSubSequence(0, width);
    }

    /** A line for work that has no pieces. */
    static AttributedString meter(String doing, long done, long whole, int width, PieceMap.Glyphs glyphs) {
        PieceSet places = new PieceSet(MAX_BAR);
        long filled = whole == 0 ? MAX_BAR : done * MAX_BAR / whole;
        for (int place = 0; place < filled; place++) {
            places.add(place);
        }
        String figures = String.format("%6s of %s", Quantities.percent(done, whole), Quantities.bytes(whole));
        int bar = Math.clamp(width - doing.length() - figures.length() - 5L, 1, MAX_BAR);
        return new AttributedStringBuilder()
                .append(doing)
                .append(" [")
                .append(PieceMap.draw(places, bar, glyphs), PLAIN.foreground(AttributedStyle.CYAN))
                .append("] ")
                .append(figures)
                .toAttributedString()
                .columnSubSequence(0, width);
    }

    private static AttributedStyle color(Look look) {
        TorrentState state = look.stats().state();
        return switch (state) {
            case DOWNLOADING -> PLAIN.foreground(AttributedStyle.CYAN);
            case SEEDING -> PLAIN.foreground(AttributedStyle.GREEN);
            case FAILED -> PLAIN.foreground(AttributedStyle.RED);
            case FETCHING_METADATA, CHECKING, MOVING, PAUSED, QUEUED, REMOVED ->
                PLAIN.foreground(AttributedStyle.YELLOW);
        };
    }
}
