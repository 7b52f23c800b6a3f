package io.usagestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.deploy.SecuredManifests;
import io.usagestream.documents.PermissionTable;
import io.usagestream.documents.PermissionTable.Rule;
import io.usagestream.it.SecuredKafka;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.TopicSettings;
import io.usagestream.sink.kafka.Topics;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service and its commands on brokers that ask for TLS and a password and allow no more than the documents say. */
class SecuredKafkaTest {
    private static final String PREFIX = "secured";
    private static final Pattern COMMAND = Pattern.compile(
            "kafka-acls\\.sh --bootstrap-server \\S+ --command-config admin\\.properties --add"
                    + " --allow-principal User:(\\S+) --operation (\\S+) --(\\S+) (\\S+)( --resource-pattern-type prefixed)?");

    @TempDir
    static Path folder;

    private static SecuredKafka broker;
    private static CommandStage stage;
    private static int backfilled;

    @BeforeAll
    static void start() throws Exception {
        broker = new SecuredKafka(folder);
        stage = new CommandStage(
                folder,
                settings(broker.operator()),
                Duration.ofDays(2),
                "{embeddings: {bucket-width: 1d}, costs: {lookback: 24h}}",
                "{activity: {}, usages: {}}");
        makeTopics();
    }

    @AfterAll
    static void stop() throws Exception {
        stage.close();
        broker.close();
    }

    private static KafkaSettings settings(Map<String, String> client) {
        return new KafkaSettings(client, PREFIX, 2, "", Optional.empty(), KafkaSettings.Limits.DEFAULT);
    }

    private static void makeTopics() throws Exception {
        Vertx vertx = Vertx.vertx();
        TopicSettings topics = new TopicSettings(true, 2, -1, -1, Optional.empty(), true);
        CommandStage.await(new Topics(vertx, settings(broker.operator()), topics).prepare());
        CommandStage.await(vertx.close());
    }

    private static AclBinding acl(String user, Rule rule) {
        Rule own = rule.under(PREFIX);
        return SecuredKafka.acl(
                user,
                SecurityUtils.operation(own.operation()),
                new ResourcePattern(
                        SecurityUtils.resourceType(
                                Character.toUpperCase(own.resource().charAt(0))
                                        + own.resource().substring(1)),
                        own.name(),
                        own.pattern().equals("prefix") ? PatternType.PREFIXED : PatternType.LITERAL));
    }

    private static List<AclBinding> acls(String user, Set<Rule> rules) {
        return rules.stream().map(rule -> acl(user, rule)).toList();
    }

    /** What a message tells to type. */
    private static List<AclBinding> commands(String text) {
        List<AclBinding> bindings = new ArrayList<>();
        Matcher command = COMMAND.matcher(text);
        while (command.find()) {
            ResourceType type =
                    ResourceType.valueOf(command.group(3).replace('-', '_').toUpperCase(Locale.ROOT));
            PatternType pattern = command.group(5) == null ? PatternType.LITERAL : PatternType.PREFIXED;
            AclOperation operation = SecurityUtils.operation(command.group(2));
            bindings.add(SecuredKafka.acl(
                    command.group(1), operation, new ResourcePattern(type, command.group(4), pattern)));
        }
        return bindings;
    }

    /** Brokers hear of permissions a moment later. */
    private static ConditionFactory soon() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20));
    }

    private static void sound(CommandStage.Said said) {
        assertThat(said.status()).as(said.out() + said.err()).isZero();
    }

    /** What was backfilled lies before the time that is compared. */
    private static void everythingThere() {
        assertThat(stage.audit())
                .isNotEmpty()
                .allSatisfy(of -> assertThat(of.missing() + of.doubled() + of.different())
                        .as(of.toString())
                        .isZero());
    }

    @Test
    void everythingWorksWithTheSettingsAndThePermissionsOfTheManifests() throws Exception {
        String password = broker.enroll("usagestream");
        Map<String, String> client = new HashMap<>(SecuredManifests.kafka(
                Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(), "KAFKA_PASSWORD", password)));
        client.put("ssl.truststore.location", broker.authority().toString());
        assertThat(client).isEqualTo(broker.user("usagestream", password));
        assertThat(SecuredManifests.permissions()).isEqualTo(PermissionTable.service());
        stage.connect(settings(client), false);
        broker.grant(acls("usagestream", PermissionTable.service()));

        soon().untilAsserted(() -> sound(stage.run("check")));
        sound(stage.run("run", "--until-caught-up"));
        everythingThere();
        sound(stage.run("tail", "points", "--from-beginning", "-n", "1"));
        sound(stage.run("usage"));
        sound(stage.run(line("reconcile")));
        sound(stage.run(line("backfill")));
        sound(stage.run("recover"));

        for (Rule rule : PermissionTable.service()) {
            removed("usagestream", rule, () -> new String[] {"check"});
            removed("usagestream", rule, () -> new String[] {"run", "--until-caught-up"});
        }
    }

    @Test
    @Tag("chaos")
    void everyCommandWorksWithItsRowsAndNamesTheOneThatIsTakenAway() throws Exception {
        String password = broker.enroll("least");
        stage.connect(settings(broker.user("least", password)), false);
        broker.grant(acls("least", PermissionTable.of("run")));
        soon().untilAsserted(() -> sound(stage.run("check")));
        stage.catchUp();
        everythingThere();
        for (Rule rule : PermissionTable.of("run")) {
            removed("least", rule, () -> new String[] {"check"});
        }
        Engine service = stage.service();
        try {
            for (String command : List.of("tail points", "usage", "reconcile", "backfill")) {
                String user = command.split(" ")[0] + "-user";
                KafkaSettings as = settings(broker.user(user, broker.enroll(user)));
                stage.connect(as, false);
                broker.grant(acls(user, PermissionTable.of(command)));
                soon().untilAsserted(() -> sound(stage.run(line(command))));
                for (Rule rule : PermissionTable.of(command)) {
                    removed(user, rule, () -> line(command));
                }
            }
        } finally {
            stage.stop(service);
        }
    }

    private static String daysBefore(int days) {
        return stage.start().minus(Duration.ofDays(days)).toString();
    }

    private static String[] line(String command) {
        String from = stage.start().toString();
        return switch (command) {
            case "tail points" -> new String[] {"tail", "points", "--from-beginning", "-n", "1"};
            case "reconcile" ->
                new String[] {"reconcile", "--from", from, "--to", Instant.now().toString()};
            case "backfill" ->
                new String[] {
                    "backfill",
                    "--source",
                    "acme-1",
                    "--from",
                    daysBefore(++backfilled),
                    "--to",
                    daysBefore(backfilled - 1)
                };
            default -> new String[] {command};
        };
    }

    /** Status 2, the permission by name, and a command that mends it: it is carried out. */
    private static void removed(String user, Rule rule, Supplier<String[]> line) throws Exception {
        AclBinding binding = acl(user, rule);
        broker.revoke(List.of(binding));
        List<String> told = new ArrayList<>();
        soon().untilAsserted(() -> {
            String[] words = line.get();
            CommandStage.Said said = stage.run(words);
            told.add(said.err());
            assertThat(said.status())
                    .as(String.join(" ", words) + " without " + rule + ": " + said.err())
                    .isEqualTo(ExitStatus.CONFIGURATION);
        });
        String last = told.get(told.size() - 1);
        assertThat(last)
                .contains(
                        "not authorized to " + rule.operation() + " on ",
                        " " + rule.under(PREFIX).name())
                .doesNotContain("\tat ", "Exception");
        assertThat(commands(last)).as(last).containsExactly(binding);
        broker.grant(commands(last));
    }
}
