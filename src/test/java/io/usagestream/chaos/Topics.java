package io.usagestream.chaos;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** What the brokers say of the topics. */
public final class Topics {
    private Topics() {}

    /** Transactions that are neither committed nor aborted, by name, and partitions whose last stable offset lags. */
    public static List<String> openTransactions(Map<String, String> client) {
        return asked(client, admin -> {
            List<String> open = admin.listTransactions().all().get().stream()
                    .filter(t -> t.state() == TransactionState.ONGOING
                            || t.state() == TransactionState.PREPARE_COMMIT
                            || t.state() == TransactionState.PREPARE_ABORT)
                    .map(TransactionListing::toString)
                    .collect(Collectors.toList());
            List<TopicPartition> partitions = partitions(admin, "");
            Map<TopicPartition, Long> stable = ends(admin, partitions, IsolationLevel.READ_COMMITTED);
            ends(admin, partitions, IsolationLevel.READ_UNCOMMITTED).forEach((partition, end) -> {
                if (stable.getOrDefault(partition, 0L) < end) {
                    open.add(partition + " is stable to " + stable.get(partition) + " of " + end);
                }
            });
            return open;
        });
    }

    /** Offsets used up in the topics of usage: records, and a marker for each transaction. */
    public static long records(Map<String, String> client, String prefix) {
        return asked(
                client,
                admin -> ends(admin, partitions(admin, prefix), IsolationLevel.READ_COMMITTED).entrySet().stream()
                        .filter(e -> e.getKey().topic().endsWith(".points")
                                || e.getKey().topic().endsWith(".activity"))
                        .mapToLong(Map.Entry::getValue)
                        .sum());
    }

    /** The replicas in sync of the partition that has the fewest, those of the brokers' own topics too. */
    static int fewestInSync(Map<String, String> client) {
        return asked(client, admin -> {
            Set<String> names = admin.listTopics(new ListTopicsOptions().listInternal(true))
                    .names()
                    .get();
            return admin.describeTopics(names).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .mapToInt(partition -> partition.isr().size())
                    .min()
                    .orElse(0);
        });
    }

    private static List<TopicPartition> partitions(Admin admin, String prefix)
            throws ExecutionException, InterruptedException {
        List<String> names = admin.listTopics().names().get().stream()
                .filter(name -> name.startsWith(prefix))
                .toList();
        return names.isEmpty()
                ? List.of()
                : admin.describeTopics(names).allTopicNames().get().values().stream()
                        .flatMap(topic ->
                                topic.partitions().stream().map(p -> new TopicPartition(topic.name(), p.partition())))
                        .toList();
    }

    private static Map<TopicPartition, Long> ends(Admin admin, List<TopicPartition> partitions, IsolationLevel level)
            throws ExecutionException, InterruptedException {
        return admin
                .listOffsets(
                        partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())),
                        new ListOffsetsOptions(level))
                .all()
                .get()
                .entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
    }

    private interface Question<T> {
        T ask(Admin admin) throws ExecutionException, InterruptedException;
    }

    private static <T> T asked(Map<String, String> client, Question<T> question) {
        Properties properties = new Properties();
        properties.putAll(client);
        try (Admin admin = Admin.create(properties)) {
            return question.ask(admin);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
