package io.usagestream.container;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs where Docker and the named images are; says loudly what was skipped elsewhere, which is a failure where Docker is required. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("container")
@ExtendWith(DockerCondition.class)
@interface NeedsDocker {
    String[] images();
}
