package io.usagestream.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The field list of the Pod Security Standard "restricted"
 * (https://kubernetes.io/docs/concepts/security/pod-security-standards/, read November 2026), and what this project asks beyond it.
 */
final class Restricted {
    private static final Set<String> VOLUMES = Set.of(
            "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret");

    private Restricted() {}

    static List<String> problems(Map<String, Object> pod) {
        List<String> problems = new ArrayList<>();
        for (String host : List.of("hostNetwork", "hostPID", "hostIPC")) {
            if (Boolean.TRUE.equals(pod.get(host))) {
                problems.add(host + " is set");
            }
        }
        Map<String, Object> context = Yaml.map(pod.getOrDefault("securityContext", Map.of()));
        if (!Boolean.TRUE.equals(context.get("runAsNonRoot"))) {
            problems.add("runAsNonRoot is not true");
        }
        if (Integer.valueOf(0).equals(context.get("runAsUser"))) {
            problems.add("runAsUser is root");
        }
        if (!Map.of("type", "RuntimeDefault").equals(context.get("seccompProfile"))) {
            problems.add("seccompProfile is not RuntimeDefault");
        }
        for (String forbidden : List.of("sysctls", "windowsOptions", "seLinuxOptions", "appArmorProfile")) {
            if (context.containsKey(forbidden)) {
                problems.add(forbidden + " is set");
            }
        }
        for (Object volume : Yaml.list(pod.getOrDefault("volumes", List.of()))) {
            Yaml.map(volume).keySet().stream()
                    .filter(type -> !type.equals("name") && !VOLUMES.contains(type))
                    .forEach(type -> problems.add("a volume is a " + type));
        }
        if (!Boolean.FALSE.equals(pod.get("automountServiceAccountToken"))) {
            problems.add("a token of the cluster is mounted");
        }
        if (pod.containsKey("initContainers") || pod.containsKey("ephemeralContainers")) {
            problems.add("containers that this list does not look at");
        }
        Yaml.list(pod.get("containers")).forEach(container -> container(Yaml.map(container), problems));
        return problems;
    }

    private static void container(Map<String, Object> container, List<String> problems) {
        Map<String, Object> context = Yaml.map(container.getOrDefault("securityContext", Map.of()));
        if (!Boolean.FALSE.equals(context.get("allowPrivilegeEscalation"))) {
            problems.add("allowPrivilegeEscalation is not false");
        }
        if (!Map.of("drop", List.of("ALL")).equals(context.get("capabilities"))) {
            problems.add("capabilities are left");
        }
        if (Boolean.TRUE.equals(context.get("privileged"))) {
            problems.add("privileged is set");
        }
        if (Manifest.having("hostPort", container.getOrDefault("ports", List.of()))
                .findAny()
                .isPresent()) {
            problems.add("a port of the host is taken");
        }
        if (!Yaml.map(container.getOrDefault("resources", Map.of())).containsKey("limits")) {
            problems.add("memory has no limit");
        }
    }
}
