package io.usagestream.it;

import io.usagestream.dev.broker.BrokerSettings;
import io.usagestream.dev.broker.EmbeddedKafka;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourcePattern;

/** A broker that only talks TLS, lets in only whom it knows (SCRAM), and allows only what it was told to (ACLs). */
public final class SecuredKafka implements AutoCloseable {
    private static final String OPERATOR = "operator";

    private final String operatorPassword = UUID.randomUUID().toString();
    private final Certificates certificates;
    private final EmbeddedKafka kafka;
    private final Admin admin;

    /** @param folder for certificates */
    public SecuredKafka(Path folder) {
        certificates = Certificates.make(folder);
        kafka = EmbeddedKafka.start(settings());
        admin = Admin.create(Map.copyOf(operator()));
    }

    private BrokerSettings settings() {
        String own = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + OPERATOR
                + "\" password=\"" + operatorPassword + "\" user_" + OPERATOR + "=\"" + operatorPassword + "\";";
        return BrokerSettings.SINGLE
                // the listener's name stays, what is spoken there changes
                .with("listener.security.protocol.map", "PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT")
                .with("ssl.keystore.type", "PKCS12")
                .with("ssl.keystore.location", certificates.keystore().toString())
                .with("ssl.keystore.password", certificates.password())
                .with("ssl.truststore.type", "PEM")
                .with("ssl.truststore.location", certificates.authority().toString())
                .with("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512")
                .with("sasl.mechanism.inter.broker.protocol", "PLAIN")
                .with("listener.name.plaintext.plain.sasl.jaas.config", own)
                .with(
                        "listener.name.plaintext.scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;")
                .with("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .with("super.users", "User:" + OPERATOR + ";User:ANONYMOUS"); // nobody else reaches the controller
    }

    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** The authority's certificate. */
    public Path authority() {
        return certificates.authority();
    }

    public Admin admin() {
        return admin;
    }

    /** Properties of the clients of the one who may do everything. */
    public Map<String, String> operator() {
        Map<String, String> properties = new HashMap<>(user(OPERATOR, operatorPassword));
        properties.put("sasl.mechanism", "PLAIN");
        properties.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + OPERATOR
                        + "\" password=\"" + operatorPassword + "\";");
        return properties;
    }

    /** Properties of the clients of a user. */
    public Map<String, String> user(String name, String password) {
        return Map.of(
                "bootstrap.servers",
                bootstrapServers(),
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + name + "\" password=\""
                        + password + "\";",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                authority().toString());
    }

    /** Makes a user that may do nothing; the answer is its password. */
    public String enroll(String name) throws Exception {
        String password = UUID.randomUUID().toString();
        await(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password)))
                .all());
        return password;
    }

    /** That a user may do that, from everywhere. */
    public static AclBinding acl(String user, AclOperation operation, ResourcePattern resource) {
        return new AclBinding(
                resource, new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }

    public void grant(Collection<AclBinding> permissions) throws Exception {
        await(admin.createAcls(permissions).all());
    }

    public void revoke(Collection<AclBinding> permissions) throws Exception {
        await(admin.deleteAcls(permissions.stream().map(AclBinding::toFilter).toList())
                .all());
    }

    private static <T> void await(KafkaFuture<T> answer) throws Exception {
        answer.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        admin.close();
        kafka.close();
    }
}
