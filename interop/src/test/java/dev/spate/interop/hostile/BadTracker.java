package dev.spate.interop.hostile;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;

/** An HTTP tracker on a loopback address that answers every announce in one bad way, and counts what was taken from it. */
final class BadTracker implements AutoCloseable {
    private static final int STEP = 16 << 10;
    private static final int MEBIBYTE = 1 << 20;

    /** Nobody reads so much; were it not for this, a test that fails would never end. */
    private static final long ENOUGH = 64L * MEBIBYTE;

    /** A compact address at which nobody listens. */
    private static final String NOBODY = "\u007f\t\u0007\u0001\u0001\u0001";

    private static final Duration DRIP = Duration.ofMillis(250);

    /** What is bad about it. */
    enum Trick {
        NONE("none"),
        ENDLESS_BODY("endless body"),
        ENDLESS_CHUNKS("endless chunks"),
        EXABYTES("chunk of exabytes"),
        ENDLESS_HEAD("endless head"),
        ENDLESS_LINE("endless line"),
        BOMB("compression bomb"),
        REDIRECT_LOOP("redirect to itself"),
        REDIRECT_TO_FILE("redirect to a file"),
        DEEP("deep dictionaries"),
        DEEP_LISTS("deep lists"),
        MANY_PEERS("150,000 peers"),
        EXCUSE("an excuse of 900,000 letters"),
        IMPATIENT("come back at once"),
        NEVER_AGAIN("come back never"),
        GARBAGE("garbage"),
        ABRUPT("hangs up"),
        SLOW_HEAD("slow head"),
        SLOW_BODY("slow body"),
        SILENT("says nothing");

        private final String words;

        Trick(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    private final Trick trick;
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong most = new AtomicLong();
    private final AtomicLong longest = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();

    BadTracker(Trick trick) throws IOException {
        this.trick = trick;
        Thread.ofVirtual().start(this::welcome);
    }

    Trick trick() {
        return trick;
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/announce";
    }

    /** How often it was asked. */
    int asked() {
        return asked.get();
    }

    /** The most bytes that one connection took; what lies in sockets is counted. */
    long most() {
        return most.get();
    }

    /** How long the longest connection lived. */
    Duration longest() {
        return Duration.ofNanos(longest.get());
    }

    /** One connection, and what is said on it. */
    private final class Talk {
        private final OutputStream out;
        private long said;

        Talk(OutputStream out) {
            this.out = out;
        }

        void play() throws IOException {
            switch (trick) {
                case NONE -> whole("d8:intervali1800e5:peers0:e");
                case ENDLESS_BODY -> {
                    head("");
                    forever("d8:intervali1800e5:peers999999999:" + "x".repeat(STEP));
                }
                case ENDLESS_CHUNKS -> {
                    head("Transfer-Encoding: chunked\r\n");
                    forever("1\r\nx\r\n".repeat(1000));
                }
                case EXABYTES -> {
                    head("Transfer-Encoding: chunked\r\n");
                    say("7fffffffffffffff\r\n");
                    forever("x".repeat(STEP));
                }
                case ENDLESS_HEAD -> {
                    say("HTTP/1.1 200 OK\r\n");
                    forever("X-Tale: and then another one\r\n".repeat(500));
                }
                case ENDLESS_LINE -> {
                    say("HTTP/1.1 200 OK\r\nX-Tale: ");
                    forever("and then ".repeat(1000));
                }
                case BOMB -> bomb();
                case REDIRECT_LOOP -> redirect("/announce");
                case REDIRECT_TO_FILE -> redirect("file:///etc/passwd");
                case DEEP -> whole("d1:a".repeat(200_000));
                case DEEP_LISTS -> whole("d5:peers" + "l".repeat(900_000));
                case MANY_PEERS -> whole("d8:intervali1800e5:peers900000:" + NOBODY.repeat(150_000) + "e");
                case EXCUSE -> whole("d14:failure reason900000:" + "\u001b[2J".repeat(225_000) + "e");
                case IMPATIENT -> whole("d8:intervali0e12:min intervali-5e5:peers0:e");
                case NEVER_AGAIN -> whole("d8:intervali9223372036854775807e5:peers0:e");
                case GARBAGE -> say("\u0000\u0001\u0002".repeat(5000));
                case ABRUPT -> {}
                case SLOW_HEAD -> drip("HTTP/1.1 200 OK\r\nX-Tale: " + "slow ".repeat(1000));
                case SLOW_BODY -> {
                    head("Content-Length: 100000\r\n");
                    drip("d8:intervali1800e5:peers99000:" + "x".repeat(99_000));
                }
                case SILENT -> Stranger.rest(Duration.ofMinutes(2));
            }
        }

        private void say(byte[] bytes) throws IOException {
            for (int at = 0; at < bytes.length; at += STEP) {
                int length = Math.min(STEP, bytes.length - at);
                out.write(bytes, at, length);
                said += length;
                most.accumulateAndGet(said, Math::max);
            }
        }

        private void say(String text) throws IOException {
            say(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        private void head(String more) throws IOException {
            say("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + more + "\r\n");
        }

        /** An answer like that of an honest one, in form. */
        private void whole(String body) throws IOException {
            head("Content-Length: " + body.length() + "\r\n");
            say(body);
        }

        private void redirect(String target) throws IOException {
            say("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + target + "\r\n\r\n");
        }

        private void forever(String text) throws IOException {
            while (said < ENOUGH) {
                say(text);
            }
        }

        private void drip(String text) throws IOException {
            for (int i = 0; i < text.length(); i++) {
                say(text.substring(i, i + 1));
                Stranger.rest(DRIP);
            }
        }

        /** A thousand times what it looks like. */
        private void bomb() throws IOException {
            head("Content-Encoding: gzip\r\n");
            var packed = new ByteArrayOutputStream();
            try (var gzip = new GZIPOutputStream(packed)) {
                byte[] zeros = new byte[MEBIBYTE];
                for (int i = 0; i < 512; i++) {
                    gzip.write(zeros);
                }
            }
            say(packed.toByteArray());
        }
    }

    private void welcome() {
        try {
            while (true) {
                Socket guest = listener.accept();
                open.add(guest);
                Thread.ofVirtual().start(() -> converse(guest));
            }
        } catch (IOException e) {
            // It was closed, and the test is over.
            open.clear();
        }
    }

    private void converse(Socket guest) {
        long begun = System.nanoTime();
        try (guest) {
            guest.setSendBufferSize(STEP);
            guest.setTcpNoDelay(true);
            var in = new BufferedReader(new InputStreamReader(guest.getInputStream(), StandardCharsets.ISO_8859_1));
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                // The request is the same for all.
            }
            asked.incrementAndGet();
            new Talk(guest.getOutputStream()).play();
        } catch (IOException e) {
            // The victim has had enough, which is as it should be.
            return;
        } finally {
            open.remove(guest);
            longest.accumulateAndGet(System.nanoTime() - begun, Math::max);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
