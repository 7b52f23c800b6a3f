package io.usagestream.sink.kafka;

import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;

/** What brokers say when they refuse, for a person: which permission, credential or setting it is about, and what mends it. */
public final class Refusals {
    private final KafkaSettings settings;
    private final Commands commands;

    public Refusals(KafkaSettings settings) {
        this.settings = settings;
        this.commands = Commands.of(settings.client());
    }

    /** What was refused to a member of the group, or when topics were to be read, if that is what happened. */
    Optional<String> ofReading(Throwable thrown) {
        return of(thrown, AclOperation.READ, AclOperation.READ);
    }

    /** The same when topics were to be written. */
    Optional<String> ofWriting(Throwable thrown) {
        return of(thrown, AclOperation.WRITE, AclOperation.READ);
    }

    /** The same for a command that reads topics and asks who is a member of the group. */
    public Optional<String> ofAsking(Throwable thrown) {
        return of(thrown, AclOperation.READ, AclOperation.DESCRIBE);
    }

    /** Where nobody answered, if that is what happened: brokers that want TLS or a password hang up on whoever speaks otherwise, and say nothing. */
    public Optional<String> ofSilence(Throwable thrown) {
        return Failures.causes(thrown).stream().noneMatch(TimeoutException.class::isInstance)
                ? Optional.empty()
                : Optional.of("where no broker answers that speaks "
                        + settings.client()
                                .getOrDefault(
                                        CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
                                        CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL)
                        + " (see kafka.bootstrap.servers and kafka.security.protocol)");
    }

    private Optional<String> of(Throwable thrown, AclOperation onTopics, AclOperation onGroup) {
        List<Throwable> causes = Failures.causes(thrown);
        for (Throwable cause : causes) {
            if (cause instanceof AuthorizationException denied) {
                return Optional.of(permission(denied, onTopics, onGroup));
            } else if (cause instanceof SslAuthenticationException) {
                return Optional.of(tls(causes));
            } else if (cause instanceof AuthenticationException) {
                return Optional.of("the brokers at " + commands.brokers() + " refuse the credentials of "
                        + commands.user() + " (" + oneLine(cause)
                        + "): see kafka.sasl.jaas.config and kafka.sasl.mechanism");
            } else if (Failures.tooLong(cause)) {
                return Optional.of("transaction.timeout.ms is "
                        + ClientProperties.producer(settings, 0).get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG)
                        + ", more than the brokers allow (transaction.max.timeout.ms): set a smaller one under kafka");
            }
        }
        return Optional.empty();
    }

    /** A certificate whose time is over needs another remedy than one that is not trusted. */
    private String tls(List<Throwable> causes) {
        for (Throwable cause : causes) {
            if (cause instanceof CertificateExpiredException) {
                return "a certificate of the brokers at " + commands.brokers() + " expired on " + date(cause)
                        + ": renew it there, nothing has to be done here";
            } else if (cause instanceof CertificateNotYetValidException) {
                return "a certificate of the brokers at " + commands.brokers() + " is not valid before " + date(cause)
                        + ": compare the clocks";
            }
        }
        return "no TLS with the brokers at " + commands.brokers() + " (" + reason(causes)
                + "): see kafka.ssl.truststore.location for who is trusted, kafka.ssl.keystore.location for who this is";
    }

    /** The JDK's text is a name, a colon and the date. */
    private static String date(Throwable cause) {
        return oneLine(cause).replaceFirst("^Not(After|Before): *", "");
    }

    private String permission(AuthorizationException denied, AclOperation onTopics, AclOperation onGroup) {
        if (denied instanceof TopicAuthorizationException topics
                && topics.unauthorizedTopics().size() == 1) {
            return sentence(Permission.topic(
                    onTopics, topics.unauthorizedTopics().iterator().next()));
        } else if (denied instanceof TopicAuthorizationException) {
            return sentence(Permission.topics(onTopics, settings));
        } else if (denied instanceof TransactionalIdAuthorizationException) {
            return sentence(Permission.transactions(settings));
        } else if (denied instanceof GroupAuthorizationException) {
            return sentence(Permission.group(onGroup, settings));
        }
        return sentence(Permission.cluster(AclOperation.IDEMPOTENT_WRITE));
    }

    private String sentence(Permission permission) {
        return permission.missing() + "; to grant it: " + commands.allow(permission);
    }

    /** The innermost cause knows what is wrong with a certificate. */
    private static String reason(List<Throwable> causes) {
        return oneLine(causes.get(causes.size() - 1));
    }

    private static String oneLine(Throwable cause) {
        return String.valueOf(cause.getMessage()).replaceAll("\\s+", " ");
    }
}
