package io.usagestream.sink.kafka;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Asks the group which instance has which lane: for people, and to know that Kafka answers. */
public final class GroupOwners {
    private static final long BOUND_SECONDS = 10;

    private final Vertx vertx;
    private final KafkaSettings settings;
    private volatile Admin admin;

    public GroupOwners(Vertx vertx, KafkaSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.admin = Admin.create(ClientProperties.admin(settings));
    }

    /** The owners' names by lane; lanes that nobody has now are not there. */
    public Future<Map<Integer, String>> ask() {
        return vertx.executeBlocking(this::now, false);
    }

    public Future<Void> close() {
        return vertx.executeBlocking(
                () -> {
                    admin.close(Duration.ofSeconds(1));
                    return null;
                },
                false);
    }

    private Map<Integer, String> now() throws Exception {
        Map<Integer, String> owners = new TreeMap<>();
        for (MemberDescription member : members()) {
            String name = member.groupInstanceId().orElse(member.clientId());
            member.assignment().topicPartitions().stream()
                    .map(TopicPartition::partition)
                    .forEach(lane -> owners.put(lane, name));
        }
        return owners;
    }

    private Collection<MemberDescription> members() throws Exception {
        try {
            return admin
                    .describeConsumerGroups(List.of(settings.prefix()))
                    .all()
                    .get(BOUND_SECONDS, TimeUnit.SECONDS)
                    .values()
                    .stream()
                    .flatMap(group -> group.members().stream())
                    .toList();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) { // nobody has ever joined it
                return List.of();
            }
            if (e.getCause() instanceof AuthenticationException) { // certificates are read when a client is made
                admin.close(Duration.ZERO);
                admin = Admin.create(ClientProperties.admin(settings));
            }
            throw e.getCause() instanceof KafkaException refused ? refused : e;
        }
    }
}
