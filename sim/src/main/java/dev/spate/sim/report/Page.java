package dev.spate.sim.report;

import java.util.List;

/** An HTML page that is a file of its own: nothing in it comes from elsewhere, and nothing in it is run. */
final class Page {
    /** Colours that people tell apart who do not see all of them (Okabe and Ito, "Color Universal Design", 2008), dark and light. */
    private static final String STYLE = """
            :root{--paper:#fbfaf7;--card:#fff;--ink:#1d2129;--soft:#68707d;--rule:#e2e0da;--good:#00724f;--bad:#b3261e;--heat:0,90,160;
            --c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#aa5589;--c4:#b58900;--c5:#4b9fd5;--c6:#5b5b5b;--c7:#8a6d3b}
            @media(prefers-color-scheme:dark){:root{--paper:#14171c;--card:#1c2027;--ink:#e6e8ec;--soft:#98a1af;--rule:#2e343e;
            --good:#4cc79d;--bad:#ff8a80;--heat:110,190,255;--c0:#56b4e9;--c1:#ff9248;--c2:#3fcf9f;--c3:#e39ac6;--c4:#f0d04c;--c5:#8cc8ff;
            --c6:#b8b8b8;--c7:#cfae78}}
            *{box-sizing:border-box}
            body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
            main{max-width:1060px;margin:0 auto;padding:40px 20px 64px}
            h1{font-size:2rem;line-height:1.15;margin:0 0 6px}h2{font-size:1.1rem;margin:0 0 2px}
            p{margin:0 0 10px;max-width:75ch}.soft,figcaption{color:var(--soft);font-size:.9rem}
            .verdict{font-weight:600;margin:14px 0 22px}.good{color:var(--good)}.bad{color:var(--bad)}
            .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:0 0 22px;padding:0;list-style:none}
            .figures li,section{background:var(--card);border:1px solid var(--rule);border-radius:10px}
            .figures li{padding:12px 14px}.figures b{display:block;font-size:1.35rem;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
            .figures span{color:var(--soft);font-size:.85rem}
            section{padding:18px 20px;margin:0 0 18px}figure{margin:8px 0 0;overflow-x:auto}
            svg{display:block;width:100%;height:auto;min-width:560px}svg text{font:12px system-ui,sans-serif;fill:var(--soft)}
            svg .grid{stroke:var(--rule)}svg .mark{stroke:var(--ink);stroke-dasharray:5 4}svg .span{fill:var(--soft);opacity:.12}
            svg .line{fill:none;stroke-width:2;stroke-linejoin:round}svg .thin{stroke-width:1.2;stroke-dasharray:2 3}svg .area{opacity:.16}
            .key{display:flex;flex-wrap:wrap;gap:4px 18px;margin:8px 0 0;padding:0;list-style:none;font-size:.9rem}
            .key i{display:inline-block;width:18px;height:3px;border-radius:2px;vertical-align:middle;margin-right:7px}
            table{border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums}
            th,td{text-align:left;padding:5px 18px 5px 0;border-bottom:1px solid var(--rule);vertical-align:top}
            th{color:var(--soft);font-weight:500}td.n,th.n{text-align:right}
            a{color:var(--c0)}code{font-family:ui-monospace,monospace}
            """;

    private final StringBuilder body = new StringBuilder();
    private final String title;

    Page(String title) {
        this.title = title;
    }

    /** What may stand in text and in attributes: a character that means something in HTML is named instead. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c < ' ' && c != '\n' && c != '\t' ? '\ufffd' : c);
            }
        }
        return escaped.toString();
    }

    Page heading(String about) {
        body.append("<h1>")
                .append(escape(title))
                .append("</h1>\n<p>")
                .append(escape(about))
                .append("</p>\n");
        return this;
    }

    /** Whether all is well, in a sentence or several. */
    Page verdict(boolean good, List<String> sentences) {
        for (String sentence : sentences) {
            body.append("<p class=\"verdict ").append(good ? "good" : "bad").append("\">");
            body.append(good ? "&#10003; " : "&#10007; ")
                    .append(escape(sentence))
                    .append("</p>\n");
        }
        return this;
    }

    /** A figure that is read at a glance. */
    record Figure(String value, String meaning) {}

    Page figures(List<Figure> figures) {
        body.append("<ul class=\"figures\">\n");
        for (Figure figure : figures) {
            body.append("<li><b>").append(escape(figure.value())).append("</b><span>");
            body.append(escape(figure.meaning())).append("</span></li>\n");
        }
        body.append("</ul>\n");
        return this;
    }

    /** A part with a heading, a sentence that says how to read it, and markup that is escaped already. */
    Page section(String heading, String howToRead, String markup) {
        body.append("<section><h2>").append(escape(heading)).append("</h2>\n<p class=\"soft\">");
        body.append(escape(howToRead)).append("</p>\n").append(markup).append("</section>\n");
        return this;
    }

    /** A table; cells are text, those after the first on the right side. */
    static String table(List<String> head, List<List<String>> rows) {
        StringBuilder table = new StringBuilder("<figure><table><tr>");
        for (int i = 0; i < head.size(); i++) {
            table.append(i == 0 ? "<th>" : "<th class=\"n\">")
                    .append(escape(head.get(i)))
                    .append("</th>");
        }
        table.append("</tr>\n");
        for (List<String> row : rows) {
            table.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                table.append(i == 0 ? "<td>" : "<td class=\"n\">")
                        .append(escape(row.get(i)))
                        .append("</td>");
            }
            table.append("</tr>\n");
        }
        return table.append("</table></figure>\n").toString();
    }

    /** Links to files beside the page. */
    static String links(List<String> files) {
        StringBuilder links = new StringBuilder("<p>");
        for (String file : files) {
            links.append("<a href=\"")
                    .append(escape(file))
                    .append("\">")
                    .append(escape(file))
                    .append("</a> ");
        }
        return links.append("</p>\n").toString();
    }

    @Override
    public String toString() {
        return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
                + "<title>" + escape(title) + "</title>\n<style>\n" + STYLE + "</style>\n</head>\n<body><main>\n" + body
                + "</main></body>\n</html>\n";
    }
}
