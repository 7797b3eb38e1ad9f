package dev.spate.io.http;

import dev.spate.io.proxy.ProxySettings;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Sends one small document to an HTTP server and reads its answer, within bounds; follows no redirect. Blocks. */
public final class HttpPost {
    private HttpPost() {}

    /**
     * Sends {@code body} and waits for the answer, which may have any status.
     *
     * @param settings straight, not through a proxy
     * @param url {@code http} or {@code https}
     * @param headers whole lines, without their ends, of what is said beside length and host
     * @throws HttpFailure if there is no answer within the limits
     */
    public static HttpAnswer post(
            HttpSettings settings, String url, List<String> headers, byte[] body, HttpLimits limits)
            throws HttpFailure {
        if (!(settings.proxy() instanceof ProxySettings.Direct)) {
            throw new IllegalArgumentException("not through a proxy");
        }
        HttpUrl to = HttpUrl.parse(url)
                .orElseThrow(() -> new HttpFailure(HttpFailure.Reason.BAD_URL, "this is not an http or https URL"));
        try (var watch = new Watch(limits.time());
                Socket socket = new Dialer(settings)
                        .dial(to, AddressFamily.ANY, any -> true, watch)
                        .socket()) {
            var head = new StringBuilder("POST ")
                    .append(to.target())
                    .append(" HTTP/1.1\r\nHost: ")
                    .append(to.authority())
                    .append("\r\nUser-Agent: ")
                    .append(settings.userAgent())
                    .append("\r\nConnection: close\r\nContent-Length: ")
                    .append(body.length)
                    .append("\r\n");
            headers.forEach(line -> head.append(line).append("\r\n"));
            OutputStream out = socket.getOutputStream();
            out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            var in = new BufferedInputStream(socket.getInputStream());
            AnswerHead answer = AnswerHead.read(in);
            return new HttpAnswer(to.toString(), answer, AnswerBody.read(answer, in, limits.maxBytes()));
        } catch (HttpFailure known) {
            throw known;
        } catch (IOException e) {
            throw new HttpFailure(HttpFailure.Reason.BAD_ANSWER, to.host() + " broke off: " + e.getMessage(), e);
        }
    }
}
