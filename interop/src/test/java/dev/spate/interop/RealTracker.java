package dev.spate.interop;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A tracker that others wrote, started for one torrent, on one port of 127.0.0.1 for both HTTP and UDP. */
enum RealTracker {
    /** Debian builds it so that it serves only the torrents of a list. */
    OPENTRACKER {
        @Override
        ProcessBuilder command(int port, Torrent torrent, Path home) throws IOException {
            Files.writeString(home.resolve("allowed"), torrent.infoHash() + "\n");
            String at = Integer.toString(port);
            return new ProcessBuilder(
                    "opentracker", "-i", "127.0.0.1", "-p", at, "-P", at, "-d", home.toString(), "-w", "allowed");
        }
    },
    BITTORRENT_TRACKER {
        @Override
        ProcessBuilder command(int port, Torrent torrent, Path home) {
            return new ProcessBuilder(
                    RealClient.module()
                            .resolve("target/node/node_modules/.bin/bittorrent-tracker")
                            .toString(),
                    "--http",
                    "--udp",
                    "--http-hostname=127.0.0.1",
                    "--udp-hostname=127.0.0.1",
                    "--port=" + port);
        }
    };

    abstract ProcessBuilder command(int port, Torrent torrent, Path home) throws IOException;

    /** One that runs. */
    record Running(RealTracker kind, int port, Torrent torrent, Program program) {

        /** How many peers of the torrent it knows, seeds and leeches; 0 as long as it does not answer. */
        int peers() throws InterruptedException {
            program.mustBeAlive();
            var query = new StringBuilder("http://127.0.0.1:" + port + "/scrape?info_hash=");
            for (byte b : torrent.infoHashBytes()) {
                query.append("%%%02x".formatted(b));
            }
            try (HttpClient http = HttpClient.newHttpClient()) {
                String answer = http.send(
                                HttpRequest.newBuilder(URI.create(query.toString()))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1))
                        .body();
                return number("complete", answer) + number("incomplete", answer);
            } catch (IOException notYet) {
                return 0;
            }
        }

        /** Whether it answers at all. */
        boolean isUp() throws InterruptedException {
            program.mustBeAlive();
            try (HttpClient http = HttpClient.newHttpClient()) {
                http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/scrape"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
                return true;
            } catch (IOException notYet) {
                return false;
            }
        }

        private static int number(String key, String bencoded) {
            Matcher found =
                    Pattern.compile(key.length() + ":" + key + "i(\\d+)e").matcher(bencoded);
            return found.find() ? Integer.parseInt(found.group(1)) : 0;
        }
    }
}
