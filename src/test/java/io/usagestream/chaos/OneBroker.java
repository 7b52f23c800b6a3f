package io.usagestream.chaos;

import io.usagestream.dev.broker.BrokerProcess;
import io.usagestream.it.KafkaProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A broker that is a process of its own, behind a proxy where its connections are to suffer. */
final class OneBroker implements Cluster {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ADDRESS = "bootstrap.servers=";

    private final Path folder;
    private final Optional<KafkaProxy> proxy;
    private Child broker;
    private String bootstrapServers;
    private int starts;

    private OneBroker(Path folder, Optional<KafkaProxy> proxy) {
        this.folder = folder;
        this.proxy = proxy;
        this.broker = launch();
        this.bootstrapServers = awaitAddress();
    }

    static OneBroker behindProxy(Path folder) {
        try {
            return new OneBroker(folder, Optional.of(new KafkaProxy()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For figures: nothing stands between. */
    static OneBroker direct(Path folder) {
        return new OneBroker(folder, Optional.empty());
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public Optional<KafkaProxy> proxy() {
        return proxy;
    }

    @Override
    public int lostAnswers() {
        return proxy.map(KafkaProxy::lost).orElse(0);
    }

    /** It is started again on the same port with the same data. */
    @Override
    public void strike(Runnable meanwhile) {
        broker.kill();
        meanwhile.run();
        broker = launch();
        bootstrapServers = awaitAddress();
    }

    @Override
    public void heal() {
        proxy.ifPresent(KafkaProxy::heal);
    }

    private Child launch() {
        List<String> arguments = new ArrayList<>(List.of("folder=" + folder.resolve("kafka")));
        proxy.ifPresent(p -> arguments.add("advertised.listeners=PLAINTEXT://127.0.0.1:" + p.port()));
        return Child.start(folder, "broker-" + starts++, "320m", BrokerProcess.class.getName(), arguments);
    }

    private String awaitAddress() {
        String address = broker.printed(ADDRESS, PATIENCE);
        return proxy.map(p -> {
                    p.target(Integer.parseInt(address.replaceAll(".*:", "")));
                    return "127.0.0.1:" + p.port();
                })
                .orElse(address);
    }

    @Override
    public void close() {
        broker.close();
        proxy.ifPresent(p -> {
            try {
                p.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
