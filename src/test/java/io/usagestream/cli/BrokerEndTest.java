package io.usagestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.chaos.Child;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that cannot write any more serves nobody: it ends, so that somebody notices. */
class BrokerEndTest {
    @TempDir
    Path folder;

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void a_broker_whose_folder_fails_says_so_and_ends() throws Exception {
        Path data = folder.resolve("data");
        Child broker = Child.start(
                folder,
                "broker",
                "256m",
                Main.class.getName(),
                List.of("broker", "--port", "0", "--data", data.toString()));
        try {
            while (broker.lines().stream().noneMatch(line -> line.contains("listens on"))) {
                assertThat(broker.alive()).isTrue();
                Thread.sleep(50);
            }
            String address = broker.lines().stream()
                    .filter(line -> line.contains("listens on"))
                    .map(line -> line.replaceAll(".*listens on ([0-9.:]+),.*", "$1"))
                    .findFirst()
                    .orElseThrow();
            Files.move(data, folder.resolve("away"));
            Files.writeString(data, "a file where the folder was");
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
                admin.createTopics(List.of(new NewTopic("t", 1, (short) 1)));

                assertThat(broker.exit(Duration.ofSeconds(60))).hasValue(ExitStatus.FAILED);
            }
            assertThat(broker.lines())
                    .anySatisfy(line -> assertThat(line).contains("the broker has given up", "Its data is in " + data));
        } finally {
            broker.kill();
        }
    }
}
