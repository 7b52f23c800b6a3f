package io.usagestream.sink.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The name under which an instance is a static member of the group: as configured, else the host's name and the first free slot.
 *
 * <p>A member that comes back under its name gets its lanes back at once, instead of after the dead one's session. Whoever joins
 * under a name that is in use throws the other out, so a slot must be free for certain: each is a lock on a file in the temporary
 * folder, which the operating system lets go when its process dies, however it dies. Nothing is kept in the file.
 */
final class InstanceName implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceName.class);
    private static final int SLOTS = 256;

    private final String prefix;
    private final String configured;
    private Optional<FileChannel> lock = Optional.empty();
    private int next;
    private boolean configuredRefused;

    InstanceName(String prefix, String configured) {
        this.prefix = prefix;
        this.configured = configured;
    }

    /** A name that no other process of this host has; empty where none can be had: then membership is not static. */
    Optional<String> take() {
        if (!configured.isEmpty()) {
            return configuredRefused ? Optional.empty() : Optional.of(configured);
        }
        String host = host();
        if (lock.isPresent()) { // taken before, by a client that is gone
            return Optional.of(host + "-" + next);
        }
        for (; next < SLOTS; next++) {
            String name = host + "-" + next;
            if (locked(Path.of(System.getProperty("java.io.tmpdir"), "usagestream-" + prefix + "-" + next + ".lock"))) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    /** Somebody elsewhere has the name too: the next one is tried. */
    void refused() {
        configuredRefused = true;
        close();
        next++;
    }

    /** Lets the name go. */
    @Override
    public void close() {
        lock.ifPresent(channel -> {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.atDebug().setCause(e).log("slot not closed");
            }
        });
        lock = Optional.empty();
    }

    private boolean locked(Path file) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock taken = channel.tryLock();
                if (taken != null) {
                    lock = Optional.of(channel);
                    return true;
                }
            } catch (OverlappingFileLockException e) {
                LOG.atTrace().addKeyValue("file", file).log("slot taken in this process");
            }
            channel.close();
        } catch (IOException e) {
            // read-only file system: no slot can be locked, and the loop ends soon
            LOG.atDebug().addKeyValue("file", file).setCause(e).log("slot not lockable");
        }
        return false;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
