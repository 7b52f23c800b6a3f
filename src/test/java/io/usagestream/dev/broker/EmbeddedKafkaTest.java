package io.usagestream.dev.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedKafkaTest {
    private static final String TOPIC = "t";

    @Test
    void a_reader_of_committed_records_sees_what_was_committed_and_nothing_of_what_was_aborted() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(BrokerSettings.SINGLE)) {
            create(kafka, 1);
            transaction(kafka, "a", false);
            transaction(kafka, "b", true);
            assertReads(kafka, "b");
            assertThat(transactionVersion(kafka)).isGreaterThanOrEqualTo((short) 2);
        }
    }

    @Test
    void a_named_folder_keeps_data_and_cluster_id_over_a_restart(@TempDir Path folder) throws Exception {
        BrokerSettings settings = BrokerSettings.SINGLE.in(folder);
        String cluster;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(settings)) {
            create(kafka, 1);
            transaction(kafka, "kept", true);
            cluster = cluster(kafka);
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(settings)) {
            assertReads(kafka, "kept");
            assertThat(cluster(kafka)).isEqualTo(cluster);
        }
        assertThat(folder).isNotEmptyDirectory();
    }

    @Test
    @Tag("chaos")
    void three_nodes_go_on_without_one_and_take_it_back() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(BrokerSettings.SINGLE.withNodes(3))) {
            create(kafka, 3);
            transaction(kafka, "whole", true);
            kafka.dropNode(2);
            transaction(kafka, "without", true);
            kafka.startNode(2);
            kafka.stopNode(1);
            transaction(kafka, "other", true);
            assertReads(kafka, "whole", "without", "other");
        }
    }

    @Test
    void a_node_whose_folder_fails_ends_nothing_but_itself(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(BrokerSettings.SINGLE.in(data))) {
            Files.move(data, folder.resolve("away"));
            Files.writeString(data, "a file where the folder was");
            create(kafka, 1);
            Map<String, Object> settings = Map.of(
                    "bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "x", "max.block.ms", 3_000);
            try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
                assertThatThrownBy(producer::initTransactions).isInstanceOf(TimeoutException.class);
            }
        }
        try (EmbeddedKafka other = EmbeddedKafka.start(BrokerSettings.SINGLE)) {
            create(other, 1);
            transaction(other, "served", true);
            assertReads(other, "served");
        }
    }

    @Test
    void a_port_in_use_is_named() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            BrokerSettings settings = BrokerSettings.SINGLE.onPort(taken.getLocalPort());
            assertThatThrownBy(() -> EmbeddedKafka.start(settings))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    @Tag("chaos")
    void a_broker_process_that_is_killed_keeps_what_was_committed(@TempDir Path folder) throws Exception {
        Process first = process(folder);
        String servers = bootstrap(first);
        create(servers, 1);
        transaction(servers, "survivor", true);
        first.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(BrokerSettings.SINGLE.in(folder))) {
            assertReads(kafka, "survivor");
        }
    }

    private static Process process(Path folder) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerProcess.class.getName(),
                        "folder=" + folder)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String bootstrap(Process process) throws Exception {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("bootstrap.servers=")) {
                return line.substring("bootstrap.servers=".length());
            }
        }
        throw new AssertionError("the broker process ended without serving");
    }

    private static void create(EmbeddedKafka kafka, int replicas) throws Exception {
        create(kafka.bootstrapServers(), replicas);
    }

    private static void create(String servers, int replicas) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) replicas)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static String cluster(EmbeddedKafka kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            return admin.describeCluster().clusterId().get(30, TimeUnit.SECONDS);
        }
    }

    private static short transactionVersion(EmbeddedKafka kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            var features = admin.describeFeatures().featureMetadata().get(30, TimeUnit.SECONDS);
            return Optional.ofNullable(features.finalizedFeatures().get("transaction.version"))
                    .map(range -> range.maxVersionLevel())
                    .orElse((short) 0);
        }
    }

    private static void transaction(EmbeddedKafka kafka, String value, boolean commit) {
        transaction(kafka.bootstrapServers(), value, commit);
    }

    private static void transaction(String servers, String value, boolean commit) {
        Map<String, Object> settings = Map.of("bootstrap.servers", servers, "transactional.id", "x", "acks", "all");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC, value));
            producer.flush();
            if (commit) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    /** What was committed is acknowledged before it is marked, and read only then: after a restart it takes a while. */
    private static void assertReads(EmbeddedKafka kafka, String... values) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(read(kafka)).containsExactly(values));
    }

    private static List<String> read(EmbeddedKafka kafka) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            List<String> values = new ArrayList<>();
            while (consumer.position(partition) < end) {
                ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(200));
                records.forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }
}
