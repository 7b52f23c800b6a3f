package io.usagestream.sink.kafka;

import io.usagestream.sink.Ownership;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.VoidDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of the group that shares out lanes. Blocks: for its worker only, but for {@link #hurry}.
 *
 * <p>It polls the plain client: only there a rebalance waits until a lane that is taken away has stopped.
 */
final class GroupMember implements ConsumerRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration LEAVE = Duration.ofSeconds(3);
    private static final Duration CONFIRM = Duration.ofSeconds(3);
    private static final long AFTER_ERROR_MILLIS = 1_000;

    /** Below {@code max.poll.interval.ms}: who is admitted again is not thrown out for its silence. */
    private static final long AFTER_REFUSAL_MILLIS = 10_000;

    private static final long NEVER = -1;

    private final KafkaSettings settings;
    private final Context context;
    private final Ownership.Listener listener;
    private final Function<Map<String, Object>, Consumer<Void, Void>> clients;
    private final InstanceName name;
    private final Set<Integer> owned = new TreeSet<>();
    private volatile Optional<Consumer<Void, Void>> consumer = Optional.empty();
    private boolean left;

    GroupMember(KafkaSettings settings, Context context, Ownership.Listener listener) {
        this(
                settings,
                context,
                listener,
                properties -> new KafkaConsumer<>(properties, new VoidDeserializer(), new VoidDeserializer()));
    }

    /** @param clients makes a client of properties */
    GroupMember(
            KafkaSettings settings,
            Context context,
            Ownership.Listener listener,
            Function<Map<String, Object>, Consumer<Void, Void>> clients) {
        this.settings = settings;
        this.context = context;
        this.listener = listener;
        this.clients = clients;
        this.name = new InstanceName(settings.prefix(), settings.instance());
    }

    void join() {
        Map<String, Object> properties = new HashMap<>(ClientProperties.member(settings));
        Optional<String> instance = name.take();
        instance.ifPresent(id -> properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, id));
        Consumer<Void, Void> joining = clients.apply(properties);
        joining.subscribe(List.of(settings.checkpoints()), this);
        consumer = Optional.of(joining);
        LOG.atInfo()
                .addKeyValue("group", settings.prefix())
                .addKeyValue("instance", instance.orElse("none"))
                .log("joining the group");
    }

    /** Ends a poll that is under way, or the next one at once: something waits for the worker. Of any thread. */
    void hurry() {
        consumer.ifPresent(Consumer::wakeup);
    }

    /** @return milliseconds until the next poll; negative: there is none */
    long poll() {
        return poll(POLL);
    }

    private long poll(Duration duration) {
        if (left) {
            return NEVER;
        }
        try {
            if (consumer.isEmpty()) {
                join();
            }
            consumer.ifPresent(c -> c.poll(duration));
            return 0;
        } catch (WakeupException e) {
            return 0;
        } catch (FencedInstanceIdException e) {
            LOG.atWarn().addKeyValue("group", settings.prefix()).log("another instance joined under this one's name");
            name.refused();
            startAfresh();
        } catch (KafkaException e) {
            Optional<String> refusal = new Refusals(settings).ofReading(e);
            if (refusal.isPresent()) {
                LOG.atError().addKeyValue("message", refusal.get()).log("the group refuses this instance");
                if (e instanceof AuthenticationException) {
                    startAfresh(); // certificates are read when a client is made
                }
                return AFTER_REFUSAL_MILLIS;
            }
            LOG.atWarn().addKeyValue("cause", e.toString()).log("poll of the group failed");
        } catch (RuntimeException e) { // of this client nothing can be expected any more
            LOG.atError().addKeyValue("group", settings.prefix()).setCause(e).log("bug");
            startAfresh();
            return AFTER_REFUSAL_MILLIS;
        }
        return AFTER_ERROR_MILLIS;
    }

    /**
     * Whether a lane is ours, asked of the group's coordinator: a poll of a member that was thrown out may still tell of its old
     * assignment, a commit of it is refused. What is committed means nothing.
     */
    boolean confirm(int lane) {
        long deadline = System.nanoTime() + CONFIRM.toNanos();
        while (!left && System.nanoTime() - deadline < 0) {
            poll(LOOK);
            if (!owned.contains(lane)) {
                return false;
            }
            try {
                consumer.ifPresent(c -> c.commitSync(
                        Map.of(new TopicPartition(settings.checkpoints(), lane), new OffsetAndMetadata(0)), CONFIRM));
                return owned.contains(lane);
            } catch (RebalanceInProgressException | WakeupException e) {
                LOG.atDebug()
                        .addKeyValue("lane", lane)
                        .addKeyValue("cause", e.toString())
                        .log("asking the group again");
            } catch (CommitFailedException | FencedInstanceIdException e) {
                poll(LOOK); // which tells the listener what was lost
                return false;
            }
        }
        return false;
    }

    /** Leaves at once, for static members too: others need not wait for the session's end. */
    void leave() {
        left = true;
        consumer.ifPresent(c -> c.close(CloseOptions.timeout(LEAVE)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)));
        consumer = Optional.empty();
        name.close();
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        consumer.ifPresent(c -> c.pause(partitions));
        for (TopicPartition partition : partitions) {
            owned.add(partition.partition());
            context.runOnContext(v -> listener.assigned(partition.partition()));
        }
    }

    /** Holds the rebalance up until the lanes have stopped, but not for ever. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        Future<?> stopped = Future.join(
                partitions.stream().map(p -> onContext(p, listener::revoked)).toList());
        partitions.forEach(p -> owned.remove(p.partition()));
        try {
            stopped.toCompletionStage()
                    .toCompletableFuture()
                    .get(settings.limits().revoke().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.atWarn().addKeyValue("lanes", partitions).log("lanes are given up before they have stopped");
        } catch (ExecutionException e) {
            LOG.atWarn().addKeyValue("lanes", partitions).setCause(e).log("lanes did not stop in order");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            owned.remove(partition.partition());
            context.runOnContext(v -> listener.lost(partition.partition()));
        }
    }

    /** After a fatal error of the client: everything is lost, and the next poll joins anew. */
    private void startAfresh() {
        onPartitionsLost(owned.stream()
                .map(lane -> new TopicPartition(settings.checkpoints(), lane))
                .toList());
        Optional<Consumer<Void, Void>> spent = consumer;
        consumer = Optional.empty(); // however the old one ends: a closed client would be polled for ever
        try {
            spent.ifPresent(c -> c.close(CloseOptions.timeout(Duration.ZERO)));
        } catch (KafkaException e) {
            LOG.atWarn().addKeyValue("cause", e.toString()).log("a client of the group did not close in order");
        }
    }

    private Future<Void> onContext(TopicPartition partition, Function<Integer, Future<Void>> call) {
        Promise<Void> answer = Promise.promise();
        context.runOnContext(v -> call.apply(partition.partition()).onComplete(answer));
        return answer.future();
    }
}
