package io.usagestream.source.http;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** A server of bytes: it says to every request exactly what it was told to, however wrong. */
public final class RawServer implements AutoCloseable {
    /** What is said to one request. */
    public interface Behaviour {
        void answer(String head, Socket socket, OutputStream out) throws Exception;
    }

    private final ServerSocket server;
    private final List<String> heads = Collections.synchronizedList(new ArrayList<>());
    private final List<Socket> sockets = Collections.synchronizedList(new ArrayList<>());
    private volatile Behaviour behaviour;

    public RawServer(Behaviour behaviour) {
        this.behaviour = behaviour;
        try {
            server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Thread accepting = new Thread(this::accept, "raw-server");
        accepting.setDaemon(true);
        accepting.start();
    }

    /** A server that gives one answer, and closes. */
    public static RawServer saying(byte[] bytes) {
        return new RawServer((head, socket, out) -> {
            out.write(bytes);
            out.flush();
            socket.close();
        });
    }

    public static RawServer saying(String text) {
        return saying(text.getBytes(StandardCharsets.UTF_8));
    }

    /** An answer with a length and a JSON type. */
    public static String json(int status, String body, String... headers) {
        return answer(status, "application/json", body.getBytes(StandardCharsets.UTF_8).length, headers) + body;
    }

    public static String answer(int status, String type, long length, String... headers) {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " X\r\nContent-Type: " + type + "\r\n");
        text.append("Content-Length: ").append(length).append("\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    public static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    public void behave(Behaviour other) {
        behaviour = other;
    }

    public URI base() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1");
    }

    public int port() {
        return server.getLocalPort();
    }

    /** The heads of the requests so far. */
    public List<String> heads() {
        return heads;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                Thread serving = new Thread(() -> serve(socket), "raw-connection");
                serving.setDaemon(true);
                serving.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            while (!socket.isClosed()) {
                StringBuilder head = new StringBuilder();
                String line = in.readLine();
                while (line != null && !line.isEmpty()) {
                    head.append(line).append('\n');
                    line = in.readLine();
                }
                if (line == null) {
                    return;
                }
                heads.add(head.toString());
                behaviour.answer(head.toString(), socket, socket.getOutputStream());
            }
        } catch (Exception e) {
            // the client left, as it should
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : List.copyOf(sockets)) {
                socket.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
