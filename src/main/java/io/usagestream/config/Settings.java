package io.usagestream.config;

import io.usagestream.source.Secret;
import io.usagestream.source.SourceSettings;
import io.usagestream.stream.Split;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The whole configuration, checked and with all defaults filled in.
 *
 * @param instance stable name of this instance; empty: host name and the first free slot
 * @param traces the collector that traces go to, by OTLP over HTTP; empty: there are none
 */
public record Settings(
        KafkaProperties kafka,
        Topics topics,
        OldTransactions oldTransactions,
        String instance,
        Rescan rescan,
        Optional<Registry> registry,
        Optional<URI> traces,
        Http http,
        List<SourceSettings> sources) {
    /** The streams of all sources that read once more what another stream reads. */
    public Set<Split> readOnceMore() {
        return sources.stream()
                .flatMap(source -> source.readOnceMore().stream())
                .collect(Collectors.toSet());
    }

    /**
     * What the topics are like.
     *
     * @param prefix the first word of their names
     * @param create whether missing ones are created; otherwise they are only verified
     * @param lanes partitions of the checkpoints topic; fixed once it is there
     * @param partitions of the data topics when they are created; -1: the cluster's default
     * @param replicationFactor -1: the cluster's default
     * @param minInsyncReplicas -1: the cluster's default
     * @param pointsRetention how long points are kept; empty: for ever
     */
    public record Topics(
            String prefix,
            boolean create,
            int lanes,
            int partitions,
            int replicationFactor,
            int minInsyncReplicas,
            Optional<Duration> pointsRetention) {}

    /** What to do with brokers whose {@code transaction.version} is below 2: there, transactions can be torn. */
    public enum OldTransactions {
        WARN,
        REFUSE
    }

    /**
     * How late changes of what is final are looked for: it is read once more, up to the watermark.
     *
     * @param daily from so far before now, once a day; zero: not at all; within a stream's lookback there is nothing to read
     * @param weekly from so far before now, once a week; zero: not at all
     * @param horizon for how long the checkpoints keep what was published: the bound of the other two and of every lookback
     */
    public record Rescan(Duration daily, Duration weekly, Duration horizon) {
        String beyond(String name, Duration reach) {
            return Durations.text(reach) + " is beyond " + name + ", " + Durations.text(horizon)
                    + ": what was published that long ago is no longer kept";
        }
    }

    /**
     * Where schemas are registered.
     *
     * @param url may hold a user and a password, which {@link #toString} leaves out
     * @param autoRegister whether new schemas may be registered; otherwise they must be there
     */
    public record Registry(URI url, boolean autoRegister) {
        @Override
        public String toString() {
            return "Registry[" + url.getScheme() + "://" + url.getHost() + ":" + url.getPort() + "]";
        }
    }

    /**
     * Where health, metrics and the console are.
     *
     * @param port 0: any free one
     * @param token what guards the console and its API
     */
    public record Http(String host, int port, Optional<Secret> token) {}
}
