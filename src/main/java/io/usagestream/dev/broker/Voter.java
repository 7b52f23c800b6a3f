package io.usagestream.dev.broker;

import java.net.InetSocketAddress;

/** Where a node's controller listens. */
record Voter(int id, int port) {
    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port);
    }

    /** As in {@code controller.quorum.voters}. */
    @Override
    public String toString() {
        return id + "@127.0.0.1:" + port;
    }
}
