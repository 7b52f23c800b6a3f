package io.usagestream.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.usagestream.contract.Samples;
import io.usagestream.stream.Publication.PointRevision;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PointScanTest {
    private static final PointRevision POINT = Samples.point(Samples.split("acme", "completions"), "gpt-4o", 3);

    private final byte[] value =
            new Envelope(new WireFormat.SingleObject()).encode(POINT).value();
    private final int start = new Reader().currentStart(RecordType.POINT, value).orElseThrow();
    private final PointScan scan = new PointScan(Set.of("model"));

    @Test
    void a_point_is_read_as_it_was_said() {
        PointScan.Scanned scanned = scan.read(value, start);
        assertThat(scanned.revision()).isEqualTo(3);
        assertThat(scanned.start()).isEqualTo(POINT.start());
        assertThat(scanned.dimensions()).containsOnlyKeys("model").containsValue(Optional.of("gpt-4o"));
        assertThat(scanned.amounts()).hasSize(2);
    }

    @Test
    void a_value_that_ends_too_early_is_unreadable_wherever_it_ends() {
        scan.read(value, start); // texts are known from now on
        // what follows the last field that is read is not looked at
        int end = value.length - 8;
        for (int length = start; length < end; length++) {
            byte[] cut = Arrays.copyOf(value, length);
            assertThatThrownBy(() -> scan.read(cut, start)).isInstanceOf(UnreadableException.class);
        }
    }

    @Test
    void a_value_with_a_wrong_byte_is_read_or_unreadable_and_nothing_else() {
        scan.read(value, start);
        for (int at = start; at < value.length; at++) {
            for (byte wrong : new byte[] {0, 1, 2, 0x7f, -1, (byte) 0x80}) {
                byte[] spoilt = value.clone();
                spoilt[at] = wrong;
                Throwable thrown = catchThrowable(() -> scan.read(spoilt, start));
                if (thrown != null) {
                    assertThat(thrown).isInstanceOf(UnreadableException.class);
                }
            }
        }
    }
}
