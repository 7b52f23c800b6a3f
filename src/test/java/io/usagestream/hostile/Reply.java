package io.usagestream.hostile;

import io.usagestream.source.http.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The wire to one client: says what it is told to, however wrong, with a canary in the head. */
record Reply(Asked asked, Socket socket, OutputStream out) {
    /** What is said to one request. */
    interface Script {
        void to(Asked asked, Reply reply) throws IOException, InterruptedException;
    }

    void json(String body, String... headers) throws IOException {
        status(200, body, headers);
    }

    void status(int status, String body, String... headers) throws IOException {
        String[] all = new String[headers.length + 1];
        System.arraycopy(headers, 0, all, 0, headers.length);
        all[headers.length] = "X-Echo: " + asked.canaries().everything();
        raw(RawServer.json(status, body, all));
    }

    void raw(String text) throws IOException {
        raw(text.getBytes(StandardCharsets.UTF_8));
    }

    void raw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** The same for ever, until the client has enough. */
    void endless(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        while (true) {
            out.write(bytes);
        }
    }

    /** A byte a second. */
    void drip(String text) throws IOException, InterruptedException {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            out.write(b);
            out.flush();
            Thread.sleep(1_000);
        }
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }
}
