package dev.spate.cli.stream;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.spate.engine.TorrentFile;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves one file of a torrent over HTTP while it arrives, each request on a virtual thread and with a reader of its own.
 *
 * <p>A player's seek is a request for a range, so it moves the reading as a seek does. The content never changes, so its ETag is the
 * torrent's and the file's name for it. A request whose {@code Host} is a name other than {@code localhost} is refused: a page of a
 * stranger could have given its own name this machine's address to read what is served here.
 */
public final class FileServer implements AutoCloseable {
    private static final int BUFFER = 128 << 10;
    private static final int BACKLOG = 16;
    private static final Pattern LITERAL_HOST =
            Pattern.compile("(localhost|\\d+\\.\\d+\\.\\d+\\.\\d+|\\[[0-9a-f:.%]+])(:\\d+)?", Pattern.CASE_INSENSITIVE);

    private final TorrentFile file;
    private final String name;
    private final String tag;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<SeekableByteChannel> channels = ConcurrentHashMap.newKeySet();

    private FileServer(InetSocketAddress address, TorrentFile file, String tag) throws IOException {
        this.file = file;
        this.name = String.valueOf(file.path().getFileName());
        this.tag = "\"" + tag + "\"";
        this.server = HttpServer.create(address, BACKLOG);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
    }

    /**
     * Begins to serve.
     *
     * @param tag that only this content has; letters, digits and dashes
     * @throws IOException if the address cannot be had
     */
    public static FileServer start(InetSocketAddress address, TorrentFile file, String tag) throws IOException {
        FileServer made = new FileServer(address, file, tag);
        made.server.start();
        return made;
    }

    /** Where the file is to be had; of a server that listens at every address, as this machine reaches it. */
    public URI uri() {
        InetSocketAddress address = server.getAddress();
        InetAddress host =
                address.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address.getAddress();
        try {
            URI uri = new URI("http", null, host.getHostAddress(), address.getPort(), "/" + name, null, null);
            // For headers, which are ASCII.
            return URI.create(uri.toASCIIString());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many answers are being read from the torrent. */
    int open() {
        return channels.size();
    }

    /** Ends all answers and serves no more. */
    @Override
    public void close() {
        for (SeekableByteChannel channel : channels) {
            closeQuietly(channel);
        }
        server.stop(0);
        threads.close();
    }

    private static void closeQuietly(SeekableByteChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It only reads: nothing can be lost.
            assert !channel.isOpen() : e;
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String host = exchange.getRequestHeaders().getFirst("Host");
            String method = exchange.getRequestMethod();
            String path = exchange.getRequestURI().getPath();
            if (host == null || !LITERAL_HOST.matcher(host).matches()) {
                refuse(exchange, 403, "This is to be reached by an IP address or as localhost only.");
            } else if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                refuse(exchange, 405, "Only GET and HEAD.");
            } else if (path.equals("/")) {
                exchange.getResponseHeaders().set("Location", uri().getRawPath());
                exchange.sendResponseHeaders(307, -1);
            } else if (!path.equals("/" + name)) {
                refuse(exchange, 404, "Here is only " + uri().getRawPath() + ".");
            } else {
                answer(exchange, method.equals("HEAD"));
            }
        }
    }

    private void answer(HttpExchange exchange, boolean head) throws IOException {
        Headers request = exchange.getRequestHeaders();
        Headers headers = exchange.getResponseHeaders();
        headers.set("ETag", tag);
        headers.set("Accept-Ranges", "bytes");
        headers.set("Content-Type", ContentTypes.of(name));
        headers.set("X-Content-Type-Options", "nosniff");
        if (matches(request.getFirst("If-None-Match"))) {
            exchange.sendResponseHeaders(304, -1);
            return;
        }
        switch (range(request)) {
            case ByteRange.Whole whole -> send(exchange, 200, 0, file.size(), head);
            case ByteRange.Part part -> {
                headers.set("Content-Range", "bytes " + part.first() + "-" + part.last() + "/" + file.size());
                send(exchange, 206, part.first(), part.length(), head);
            }
            case ByteRange.Unsatisfiable none -> {
                headers.set("Content-Range", "bytes */" + file.size());
                exchange.sendResponseHeaders(416, -1);
            }
        }
    }

    private ByteRange range(Headers request) {
        String range = request.getFirst("Range");
        String ifRange = request.getFirst("If-Range");
        // A date never fits: the content has none. Then all of it is sent (RFC 9110, 13.1.5).
        return range == null || (ifRange != null && !ifRange.strip().equals(tag))
                ? new ByteRange.Whole()
                : ByteRange.of(range, file.size());
    }

    private boolean matches(@Nullable String tags) {
        if (tags == null) {
            return false;
        }
        for (String each : tags.split(",", -1)) {
            String one = each.strip();
            if (one.equals("*") || one.equals(tag) || one.equals("W/" + tag)) {
                return true;
            }
        }
        return false;
    }

    private void send(HttpExchange exchange, int status, long from, long length, boolean head) throws IOException {
        if (head || length == 0) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        SeekableByteChannel channel;
        byte[] bytes = new byte[(int) Math.min(BUFFER, length)];
        try {
            channel = file.openChannel();
        } catch (IOException e) {
            unavailable(exchange, e);
            return;
        }
        channels.add(channel);
        try (channel) {
            int first;
            try {
                // Before the status is said: a torrent that is paused or broken is better told than shown as a cut.
                first = channel.position(from).read(ByteBuffer.wrap(bytes));
            } catch (IOException e) {
                unavailable(exchange, e);
                return;
            }
            exchange.sendResponseHeaders(status, length);
            copy(channel, bytes, first, length, exchange.getResponseBody());
        } finally {
            channels.remove(channel);
        }
    }

    /**
     * Sends what was read first and what follows it. A client that goes away ends it, as any failure does: by an exception.
     *
     * @param bytes begins with what was read first
     */
    private static void copy(SeekableByteChannel from, byte[] bytes, int first, long length, OutputStream to)
            throws IOException {
        long left = length;
        int read = first;
        while (true) {
            to.write(bytes, 0, read);
            left -= read;
            if (left == 0) {
                return;
            }
            read = from.read(ByteBuffer.wrap(bytes, 0, (int) Math.min(bytes.length, left)));
        }
    }

    private void unavailable(HttpExchange exchange, IOException failure) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.remove("ETag");
        headers.remove("Content-Range");
        headers.set("Retry-After", "5");
        refuse(exchange, 503, String.valueOf(failure.getMessage()));
    }

    private static void refuse(HttpExchange exchange, int status, String words) throws IOException {
        byte[] body = (words + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        boolean head = exchange.getRequestMethod().toUpperCase(Locale.ROOT).equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }
}
