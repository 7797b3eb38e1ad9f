package dev.spate.engine;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy on the loopback interface that really relays: SOCKS5 with connections and datagrams, and HTTP {@code CONNECT}. It knows a
 * name that nobody else does, which leads back to this machine.
 */
final class RelayingProxy implements Closeable {
    /** RFC 2606: no resolver finds it. */
    static final String SECRET_NAME = "only-the-proxy-knows.invalid";

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private final List<String> destinations = new CopyOnWriteArrayList<>();

    RelayingProxy() throws IOException {
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket client = server.accept();
                    Thread.ofVirtual().start(() -> serve(client));
                } catch (IOException over) {
                    return;
                }
            }
        });
    }

    URI socks() {
        return URI.create("socks5://127.0.0.1:" + server.getLocalPort());
    }

    URI http() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** What it was asked for, in order: {@code tcp HOST:PORT} and {@code udp HOST:PORT}. */
    List<String> destinations() {
        return destinations;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Closeable each : open) {
            each.close();
        }
    }

    private void serve(Socket client) {
        open.add(client);
        try (client) {
            var in = new DataInputStream(client.getInputStream());
            int first = in.read();
            if (first == 5) {
                socks(client, in);
            } else if (first == 'C') {
                http(client, in);
            }
        } catch (IOException over) {
            // One of the two sides is gone.
        }
    }

    private void socks(Socket client, DataInputStream in) throws IOException {
        in.readNBytes(in.readUnsignedByte());
        client.getOutputStream().write(new byte[] {5, 0});
        in.readByte();
        int command = in.readByte();
        in.readByte();
        String host = host(in);
        int port = in.readUnsignedShort();
        if (command == 3) {
            relayDatagrams(client, in);
            return;
        }
        destinations.add("tcp " + host + ":" + port);
        try (Socket there = new Socket(resolve(host), port)) {
            open.add(there);
            client.getOutputStream().write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
            relay(client, there);
        } catch (ConnectException refused) {
            client.getOutputStream().write(new byte[] {5, 5, 0, 1, 0, 0, 0, 0, 0, 0});
        }
    }

    private void http(Socket client, DataInputStream in) throws IOException {
        var head = new StringBuilder("C");
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readByte());
        }
        String target = head.toString().split(" ", 3)[1];
        int colon = target.lastIndexOf(':');
        destinations.add("tcp " + target);
        try (Socket there =
                new Socket(resolve(target.substring(0, colon)), Integer.parseInt(target.substring(colon + 1)))) {
            open.add(there);
            client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            relay(client, there);
        }
    }

    private static String host(DataInputStream in) throws IOException {
        int kind = in.readByte();
        if (kind == 3) {
            return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.US_ASCII);
        }
        return InetAddress.getByAddress(in.readNBytes(kind == 1 ? 4 : 16)).getHostAddress();
    }

    private static InetAddress resolve(String host) throws IOException {
        return host.equals(SECRET_NAME) ? InetAddress.getLoopbackAddress() : InetAddress.ofLiteral(host);
    }

    private static void relay(Socket a, Socket b) throws IOException {
        Thread back = Thread.ofVirtual().start(() -> pump(b, a));
        pump(a, b);
        try {
            back.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException over) {
            // Both are closed now.
        }
    }

    private void relayDatagrams(Socket client, DataInputStream in) throws IOException {
        try (var inner = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                var outer = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            open.add(inner);
            open.add(outer);
            var us = new SocketAddress[1];
            Thread.ofVirtual().start(() -> outward(inner, outer, us));
            Thread.ofVirtual().start(() -> inward(inner, outer, us));
            // All zeros: the client is to take the proxy's own address.
            client.getOutputStream()
                    .write(ByteBuffer.allocate(10)
                            .put(new byte[] {5, 0, 0, 1, 0, 0, 0, 0})
                            .putShort((short) inner.getLocalPort())
                            .array());
            in.read();
        }
    }

    private void outward(DatagramSocket inner, DatagramSocket outer, SocketAddress[] us) {
        try {
            while (true) {
                var packet = new DatagramPacket(new byte[2048], 2048);
                inner.receive(packet);
                us[0] = packet.getSocketAddress();
                var in = new DataInputStream(new ByteArrayInputStream(packet.getData(), 3, packet.getLength() - 3));
                String host = host(in);
                int port = in.readUnsignedShort();
                destinations.add("udp " + host + ":" + port);
                byte[] payload = in.readAllBytes();
                outer.send(new DatagramPacket(payload, payload.length, resolve(host), port));
            }
        } catch (IOException over) {
            // The association has ended.
        }
    }

    private static void inward(DatagramSocket inner, DatagramSocket outer, SocketAddress[] us) {
        try {
            while (true) {
                var packet = new DatagramPacket(new byte[2048], 2048);
                outer.receive(packet);
                byte[] whole = ByteBuffer.allocate(10 + packet.getLength())
                        .put(new byte[] {0, 0, 0, 1})
                        .put(packet.getAddress().getAddress())
                        .putShort((short) packet.getPort())
                        .put(packet.getData(), 0, packet.getLength())
                        .array();
                inner.send(new DatagramPacket(whole, whole.length, us[0]));
            }
        } catch (IOException over) {
            // The association has ended.
        }
    }
}
