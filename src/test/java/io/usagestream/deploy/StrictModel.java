package io.usagestream.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Reads manifests into the types of their API and says which fields those types do not have. */
final class StrictModel {
    private static final Map<String, Class<?>> TYPES = Map.ofEntries(
            Map.entry("v1/ConfigMap", ConfigMap.class),
            Map.entry("v1/Namespace", Namespace.class),
            Map.entry("v1/Secret", Secret.class),
            Map.entry("v1/Service", Service.class),
            Map.entry("v1/ServiceAccount", ServiceAccount.class),
            Map.entry("apps/v1/Deployment", Deployment.class),
            Map.entry("apps/v1/StatefulSet", StatefulSet.class),
            Map.entry("batch/v1/Job", Job.class),
            Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
            Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
            Map.entry("monitoring.coreos.com/v1/PodMonitor", PodMonitor.class),
            Map.entry("monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class),
            Map.entry("kafka.strimzi.io/v1beta2/KafkaTopic", KafkaTopic.class),
            Map.entry("kafka.strimzi.io/v1beta2/KafkaUser", KafkaUser.class));

    private final ObjectMapper mapper = new ObjectMapper();

    /** Fields that the API does not know, with where they are; a type that it does not know is one problem. */
    List<String> problems(Manifest manifest) {
        Class<?> type = TYPES.get(manifest.apiVersion() + "/" + manifest.kind());
        if (type == null) {
            return List.of(manifest + ": no such type as " + manifest.apiVersion() + " " + manifest.kind());
        }
        List<String> problems = new ArrayList<>();
        try {
            // by way of text, as it would arrive: trees are converted more leniently
            walk(mapper.readValue(mapper.writeValueAsString(manifest.tree()), type), manifest.toString(), problems);
        } catch (JsonProcessingException e) {
            problems.add(manifest + ": " + e.getOriginalMessage());
        }
        return problems;
    }

    private static void walk(Object node, String path, List<String> problems) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (value != null) {
                    walk(value, path + "." + key, problems);
                }
            });
        } else if (node instanceof Collection<?> elements) {
            elements.forEach(element -> walk(element, path + "[]", problems));
        } else if (node.getClass().getName().matches("io\\.(fabric8|strimzi)\\..*") && !(node instanceof Enum<?>)) {
            for (Class<?> type = node.getClass(); type != Object.class; type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())) {
                        field(node, field, path, problems);
                    }
                }
            }
        }
    }

    private static void field(Object node, Field field, String path, List<String> problems) {
        try {
            field.setAccessible(true);
            Object value = field.get(node);
            if (value == null) {
                return;
            }
            if (field.getName().equals("additionalProperties")) {
                ((Map<?, ?>) value).keySet().forEach(unknown -> problems.add(path + ": no such field as " + unknown));
            } else {
                walk(value, path + "." + field.getName(), problems);
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(path, e);
        }
    }
}
