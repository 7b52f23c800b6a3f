package io.usagestream.source.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An HTTP proxy: whatever host it is asked for, it leads to one port of this machine, by a tunnel or by passing requests on. */
final class ForwardProxy implements AutoCloseable {
    private final RawServer server;

    ForwardProxy(int port) {
        server = new RawServer((head, client, out) -> {
            try (Socket upstream = new Socket("127.0.0.1", port)) {
                if (head.startsWith("CONNECT ")) {
                    out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } else {
                    upstream.getOutputStream()
                            .write((head.replace("\n", "\r\n") + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                }
                Thread back = new Thread(() -> pump(upstream, client), "proxy-back");
                back.setDaemon(true);
                back.start();
                pump(client, upstream);
            }
        });
    }

    int port() {
        return server.port();
    }

    /** What it was asked, one head a connection. */
    List<String> heads() {
        return List.copyOf(server.heads());
    }

    private static void pump(Socket from, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            from.getInputStream().transferTo(out);
            to.shutdownOutput();
        } catch (IOException e) {
            // one of the two left, as it may
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
