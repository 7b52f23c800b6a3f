package io.usagestream.dedup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.usagestream.stream.Digest;
import io.usagestream.stream.Split;
import io.usagestream.stream.Utf8;
import org.junit.jupiter.api.Test;

/** The text that segments keep of an event. */
class EventNameTest {
    private static final EventName SECOND = new EventName("5:asset4:a/b1-", 2);

    @Test
    void is_read_back_from_its_text_whatever_the_identity_holds() {
        assertThat(SECOND.text()).isEqualTo(Utf8.of("5:asset4:a/b1-/2"));
        assertThat(EventName.parse(SECOND.text())).isEqualTo(SECOND);
        assertThatThrownBy(() -> EventName.parse(Utf8.of("none"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void says_the_record_and_the_key_of_the_nth_of_equal_events() {
        Digest identity = Digest.of(SECOND.identity());
        assertThat(SECOND.key()).isEqualTo(new Digest(identity.high(), identity.low() + 2));
        assertThat(SECOND.id(new Split("scenario", "studio", "activity")))
                .isEqualTo("scenario/studio/activity/" + identity.hex() + "/2");
    }
}
