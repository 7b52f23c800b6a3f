package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.usagestream.envelope.RecordType;
import io.usagestream.query.CommittedTopics;
import io.usagestream.query.DecodedTopics;
import io.usagestream.query.RegistrySchemas;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Reason;
import io.usagestream.stream.SplitState;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What keeps streams from getting on that a command waits for, as their owners say it in the progress topic. A halted stream is tried
 * again only every few minutes, or never without a person; waiting for it in silence would be waiting for ever.
 */
final class Obstacles implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(3);

    /** How long a running owner may take to say something newer than what it said before the command began. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** The same for one that begins with the command: what the topic says is of another life. */
    private static final Duration GRACE_AT_START = Duration.ofSeconds(20);

    private final CommittedTopics topics;
    private final RegistrySchemas schemas;
    private final DecodedTopics progress;
    private final PrintWriter err;
    private final Instant began;
    private final Instant patient;
    private final Map<String, String> told = new HashMap<>();
    private Instant looked;

    /** @param alone who does the work */
    Obstacles(Settings settings, PrintWriter err, Alone alone, Instant began) {
        this.topics = KafkaParts.committed(settings);
        this.schemas = KafkaParts.schemas(settings);
        this.progress = new DecodedTopics(topics, schemas);
        this.err = err;
        this.began = began;
        this.patient = began.plus(alone.isOwner() ? GRACE_AT_START : GRACE);
        this.looked = began;
    }

    /**
     * Says what newly holds one of the splits up.
     *
     * @throws CommandException when nothing is left to wait for but halted ones
     */
    void look(Collection<String> open, Instant now) {
        if (now.isBefore(looked.plus(LOOK_EVERY)) || open.isEmpty()) {
            return;
        }
        looked = now;
        Map<String, Progress> states = new HashMap<>();
        progress.read(RecordType.PROGRESS, record -> true, (split, said) -> states.put(split.name(), (Progress) said));
        List<Progress> held = open.stream()
                .sorted()
                .flatMap(split -> Optional.ofNullable(states.get(split)).stream())
                .filter(said -> said.state() == SplitState.HALTED || said.state() == SplitState.DEGRADED)
                .filter(said -> !said.observedAt().isBefore(began) || now.isAfter(patient))
                .toList();
        held.stream().filter(this::isNews).forEach(said -> err.println(sentence(said)));
        err.flush();
        if (held.size() == open.size() && held.stream().allMatch(said -> said.state() == SplitState.HALTED)) {
            throw new CommandException(
                    ExitStatus.FAILED,
                    held.stream()
                                    .map(said -> said.split().name() + " (" + reason(said) + ")")
                                    .collect(Collectors.joining(", "))
                            + " cannot be read, so there is nothing to wait for."
                            + " What was asked for stays asked: when the cause is mended, the owner goes on by itself;"
                            + " `usagestream check` says what is wrong.");
        }
    }

    private boolean isNews(Progress said) {
        String sentence = sentence(said);
        return !sentence.equals(told.put(said.split().name(), sentence));
    }

    private static String sentence(Progress said) {
        return said.split().name()
                + (said.state() == SplitState.HALTED ? " is halted: " : " is degraded, and tried again slowly: ")
                + reason(said);
    }

    private static String reason(Progress said) {
        return said.reason().map(Reason::word).orElse("no reason given");
    }

    @Override
    public void close() {
        schemas.close();
        topics.close();
    }
}
