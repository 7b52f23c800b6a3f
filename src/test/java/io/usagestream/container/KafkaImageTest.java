package io.usagestream.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.model.Container;
import io.usagestream.it.SharedKafka;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;

/** Says whether the suites of Kafka ran on the image apache/kafka: that they did in silence on the embedded broker proves nothing of it. */
@NeedsDocker(images = "apache/kafka:4.3.1")
class KafkaImageTest {
    @Test
    void theSuitesRunOnTheImage() {
        boolean required = Boolean.parseBoolean(System.getenv("USAGESTREAM_REQUIRE_DOCKER"));
        if (!required && !SharedKafka.CONTAINER) {
            String why = "SKIPPED the suites of Kafka on apache/kafka: they ran on the embedded broker"
                    + " (-Dusagestream.kafka=container; .ci/docker does it)";
            System.err.println(why);
            assumeTrue(false, why);
        }
        String port = SharedKafka.instance().brokerPort();
        List<Container> containers =
                DockerClientFactory.instance().client().listContainersCmd().exec();
        assertThat(containers)
                .as("a container of the image behind port %s", port)
                .anyMatch(c -> c.getImage().equals("apache/kafka:4.3.1")
                        && Arrays.stream(c.getPorts()).anyMatch(p -> port.equals(Objects.toString(p.getPublicPort()))));
    }
}
