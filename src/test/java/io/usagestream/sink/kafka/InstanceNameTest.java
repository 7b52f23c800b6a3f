package io.usagestream.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class InstanceNameTest {
    private final String prefix = "test-" + UUID.randomUUID();

    @Test
    void aSlotIsTakenOnceAndKeptByWhoHasIt() {
        try (InstanceName one = new InstanceName(prefix, "");
                InstanceName other = new InstanceName(prefix, "")) {
            Optional<String> name = one.take();
            assertThat(name.orElseThrow()).endsWith("-0");
            assertThat(one.take()).as("after its client was made anew").isEqualTo(name);
            assertThat(other.take().orElseThrow()).endsWith("-1");
            one.refused();
            assertThat(one.take().orElseThrow()).as("somebody elsewhere has it").endsWith("-2");
        }
    }
}
