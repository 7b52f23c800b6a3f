package io.usagestream.source;

import java.util.Optional;

/**
 * The HTTP proxy through which upstream is reached. It prints itself as messages name it: where it is and who says so, without its
 * login.
 *
 * @param variable the environment variable that names it
 * @param port from 1 to 65535
 */
public record Proxy(String variable, String host, int port, Optional<Login> login) {
    /** What the proxy asks for by Basic authentication. */
    public record Login(String user, Secret password) {}

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port + " (" + variable + ")";
    }
}
