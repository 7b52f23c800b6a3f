package io.usagestream.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code k8s/job}, against a cluster that knows nothing but the stateful set. */
class JobTest {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"dev", "prod"})
    void a_command_runs_as_the_service_does_and_is_no_instance(String overlay)
            throws IOException, InterruptedException {
        List<Manifest> all = Overlay.render(Path.of("k8s", "overlays", overlay));
        Manifest service = all.stream()
                .filter(m -> m.kind().equals("StatefulSet"))
                .findFirst()
                .orElseThrow();
        Manifest job = job(service, "reconcile", "--source", "a \"quoted\" name");

        assertThat(new StrictModel().problems(job)).isEmpty();
        Map<String, Object> pod = Yaml.map(job.at("spec", "template", "spec").orElseThrow());
        assertThat(Restricted.problems(pod)).isEmpty();
        assertThat(pod).containsEntry("restartPolicy", "Never");
        Map<String, Object> runs = container(job);
        Map<String, Object> serves = container(service);
        assertThat(runs)
                .containsEntry(
                        "args",
                        List.of(
                                "reconcile",
                                "--source",
                                "a \"quoted\" name",
                                "--config",
                                "/etc/usagestream/usagestream.yaml"))
                .doesNotContainKeys("startupProbe", "livenessProbe", "readinessProbe");
        for (String same : List.of("image", "env", "envFrom", "volumeMounts", "resources")) {
            assertThat(runs.get(same)).as(same).isEqualTo(serves.get(same));
        }
        assertThat(selecting(all, job)).as("what selects instances").containsOnly("NetworkPolicy");
    }

    /** Kinds of what selects a pod by its labels. */
    private static List<String> selecting(List<Manifest> all, Manifest job) {
        Map<String, Object> labels =
                Yaml.map(job.at("spec", "template", "metadata", "labels").orElseThrow());
        return all.stream()
                .filter(m -> Stream.of(
                                m.at("spec", "selector", "matchLabels"),
                                m.at("spec", "podSelector", "matchLabels"),
                                m.at("spec", "selector").filter(s -> m.kind().equals("Service")))
                        .flatMap(Optional::stream)
                        .anyMatch(wanted ->
                                labels.entrySet().containsAll(Yaml.map(wanted).entrySet())))
                .map(Manifest::kind)
                .distinct()
                .toList();
    }

    private Manifest job(Manifest service, String... command) throws IOException, InterruptedException {
        Optional<Path> kubectl = Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, "kubectl"))
                .filter(Files::isExecutable)
                .findFirst();
        assumeThat(kubectl).as("kubectl is there").isPresent();
        Path template = folder.resolve("template.json");
        Files.writeString(
                template,
                new ObjectMapper()
                        .writeValueAsString(service.at("spec", "template").orElseThrow()));
        Path cluster = Files.createFile(
                folder.resolve("kubectl"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.writeString(
                cluster,
                "#!/bin/sh\nif [ \"$1\" = get ]; then cat '" + template + "'; else exec '" + kubectl.orElseThrow()
                        + "' \"$@\"; fi\n");
        ProcessBuilder builder = new ProcessBuilder(
                        Stream.concat(Stream.of("k8s/job"), Stream.of(command)).toList())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return new Manifest(Yaml.documents(out).get(0));
    }

    private static Map<String, Object> container(Manifest workload) {
        Object containers =
                workload.at("spec", "template", "spec", "containers").orElseThrow();
        return Yaml.map(Objects.requireNonNull(Yaml.list(containers).get(0)));
    }
}
