package io.usagestream.container;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Skips without Docker or an image, but fails instead where {@code USAGESTREAM_REQUIRE_DOCKER} is true: a skip would hide every problem
 * of Docker where it was started on purpose.
 */
final class DockerCondition implements ExecutionCondition {
    private static final boolean REQUIRED = Boolean.parseBoolean(System.getenv("USAGESTREAM_REQUIRE_DOCKER"));

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<NeedsDocker> needs =
                AnnotationSupport.findAnnotation(context.getRequiredTestClass(), NeedsDocker.class);
        for (String image : needs.map(NeedsDocker::images).orElse(new String[0])) {
            if (!present(image)) {
                String why = "SKIPPED " + context.getRequiredTestClass().getSimpleName()
                        + ": no Docker here, or no image " + image + " (.ci/docker makes both)";
                if (REQUIRED) {
                    throw new IllegalStateException(why + ", and USAGESTREAM_REQUIRE_DOCKER is true");
                }
                System.err.println(why);
                return ConditionEvaluationResult.disabled(why);
            }
        }
        return ConditionEvaluationResult.enabled("Docker and its images are here");
    }

    private static boolean present(String image) {
        try {
            Process docker = new ProcessBuilder("docker", "image", "inspect", image)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return docker.waitFor(20, TimeUnit.SECONDS) && docker.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
