package io.usagestream.ops.http;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The console's files, read once from the class path. A closed list: no path of a request ever reaches a file system or the class
 * path.
 */
final class Assets {
    private static final String CHART = "META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";

    /** One file, with a tag that changes when it does. */
    record Asset(Buffer content, String type, String tag) {}

    private final Map<String, Asset> byPath = new TreeMap<>();
    private final Asset console;
    private final Asset signIn;

    Assets() {
        console = read("console/index.html", "text/html; charset=utf-8");
        signIn = read("console/sign-in.html", "text/html; charset=utf-8");
        for (String script : new String[] {"app", "charts", "dom", "feed", "format", "lists", "sign-in", "streams"}) {
            byPath.put(
                    "/console/" + script + ".js", read("console/" + script + ".js", "text/javascript; charset=utf-8"));
        }
        byPath.put("/console/console.css", read("console/console.css", "text/css; charset=utf-8"));
        byPath.put("/console/icon.svg", read("console/icon.svg", "image/svg+xml"));
        byPath.put("/console/chart.js", read(CHART, "text/javascript; charset=utf-8"));
    }

    Optional<Asset> of(String path) {
        return Optional.ofNullable(byPath.get(path));
    }

    Asset console() {
        return console;
    }

    Asset signIn() {
        return signIn;
    }

    private static Asset read(String name, String type) {
        try (InputStream in = Assets.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not on the class path: " + name);
            }
            byte[] bytes = in.readAllBytes();
            String tag = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
            return new Asset(Buffer.buffer(bytes), type, "\"" + tag + "\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
