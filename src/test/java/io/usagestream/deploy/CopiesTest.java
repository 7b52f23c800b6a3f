package io.usagestream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What kustomize cannot reach outside of its folder lies there once more, and must stay the same. */
class CopiesTest {
    private static final Path MONITORING = Path.of("k8s", "components", "monitoring");

    @Test
    void the_alert_rules_of_kubernetes_are_those_that_promtool_checks() {
        Map<String, Object> rules = Yaml.documents(Path.of("observability", "prometheus", "rules.yaml"))
                .get(0);
        Manifest copy =
                new Manifest(Yaml.documents(MONITORING.resolve("rules.yaml")).get(0));
        assertThat(copy.at("spec", "groups"))
                .as("k8s/components/monitoring/refresh brings it up to date")
                .contains(rules.get("groups"));
    }

    @Test
    void the_dashboard_of_kubernetes_is_the_one_of_compose() {
        assertThat(Yaml.text(MONITORING.resolve("usagestream.json")))
                .as("k8s/components/monitoring/refresh brings it up to date")
                .isEqualTo(Yaml.text(Path.of("observability", "grafana", "usagestream.json")));
    }
}
