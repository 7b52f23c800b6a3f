package io.usagestream.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.sink.Ownership;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A member whose client has had its time takes another one, however the old one ends. */
class GroupMemberTest {
    private static final TopicPartition LANE = new TopicPartition("members.checkpoints", 1);

    private final Vertx vertx = Vertx.vertx();
    private final Set<Integer> lanes = new ConcurrentSkipListSet<>();
    private final List<Client> clients = new ArrayList<>();

    private static final class Client extends MockConsumer<Void, Void> {
        private Optional<RuntimeException> end = Optional.empty();

        Client() {
            super("latest");
            updateEndOffsets(Map.of(LANE, 0L));
        }

        @Override
        public void close(CloseOptions options) {
            super.close(options);
            end.ifPresent(e -> {
                throw e;
            });
        }
    }

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    static Stream<RuntimeException> ends() {
        return Stream.of(
                new FencedInstanceIdException("planted"),
                new SaslAuthenticationException("planted"),
                new IllegalStateException("planted"));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void a_client_that_has_had_its_time_is_replaced_although_it_does_not_close(RuntimeException end) {
        KafkaSettings settings = new KafkaSettings(
                Map.of("bootstrap.servers", "127.0.0.1:9"),
                "members",
                2,
                "pod-0",
                Optional.empty(),
                KafkaSettings.Limits.DEFAULT);
        GroupMember member = new GroupMember(settings, vertx.getOrCreateContext(), listener(), properties -> {
            clients.add(new Client());
            return clients.get(clients.size() - 1);
        });
        member.poll();
        Client first = clients.get(0);
        first.schedulePollTask(() -> first.rebalance(List.of(LANE)));
        member.poll();
        Awaitility.await().until(() -> lanes.contains(1));

        first.end = Optional.of(new KafkaException("it does not close"));
        first.schedulePollTask(() -> {
            throw end;
        });
        member.poll();

        Awaitility.await().untilAsserted(() -> assertThat(lanes).isEmpty());
        member.poll();
        assertThat(clients).hasSize(2);
        assertThat(clients.get(1).subscription()).containsExactly("members.checkpoints");
        member.leave();
    }

    private Ownership.Listener listener() {
        return new Ownership.Listener() {
            @Override
            public void assigned(int lane) {
                lanes.add(lane);
            }

            @Override
            public Future<Void> revoked(int lane) {
                lanes.remove(lane);
                return Future.succeededFuture();
            }

            @Override
            public void lost(int lane) {
                lanes.remove(lane);
            }
        };
    }
}
