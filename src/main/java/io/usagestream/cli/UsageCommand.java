package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.usagestream.query.CommittedTopics;
import io.usagestream.query.RegistrySchemas;
import io.usagestream.query.TooMuchException;
import io.usagestream.query.UsageAnswer;
import io.usagestream.query.UsageJson;
import io.usagestream.query.UsageMarkdown;
import io.usagestream.query.UsageQuestion;
import io.usagestream.query.UsageReport;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says what was used and what it cost, from the topics. */
@Command(
        name = "usage",
        description = {
            "What was used and what it cost, over all sources, computed from the topics: totals, consumption by user, models"
                    + " by cost, asset kinds, OpenAI's costs by line item.",
            "Heavy sections are counts until --include names them."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  usagestream usage --config example.yaml --format markdown",
            "  usagestream usage --config example.yaml --start-date 2026-11-01 --end-date 2026-11-30 --include modelUsages.daily"
        })
final class UsageCommand implements Callable<Integer> {
    /** How the answer is written. */
    enum Format {
        json,
        markdown
    }

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--start-date",
            paramLabel = "D",
            description = "the first UTC day, as 2026-11-01 (default: 30 days before the last)")
    private Optional<String> start = Optional.empty();

    @Option(names = "--end-date", paramLabel = "D", description = "the last UTC day, included (default: today)")
    private Optional<String> end = Optional.empty();

    @Option(
            names = "--project-id",
            paramLabel = "P",
            description = "only this project; streams whose rows name no project are left out, and named")
    private Optional<String> project = Optional.empty();

    @Option(
            names = "--include",
            paramLabel = "LIST",
            description =
                    "whole sections, with commas: usages, usages.daily, modelUsages.daily, nsfwUsages, activity, entities")
    private Optional<String> include = Optional.empty();

    @Option(
            names = "--format",
            paramLabel = "json|markdown",
            description = "how the answer is written (default: ${DEFAULT-VALUE})")
    private Format format = Format.json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        UsageQuestion question = question();
        Settings settings = config.readForTopics();
        Shutdown.onSignal(Duration.ofSeconds(2), () -> ExitStatus.FAILED);
        try (CommittedTopics topics = KafkaParts.committed(settings);
                RegistrySchemas schemas = KafkaParts.schemas(settings)) {
            UsageAnswer answer = new UsageReport(topics, schemas, settings.readOnceMore()).answer(question);
            PrintWriter out = spec.commandLine().getOut();
            out.println(format == Format.json ? UsageJson.text(answer) : UsageMarkdown.text(answer));
            out.flush();
            return ExitStatus.OK;
        } catch (TooMuchException e) {
            throw new CommandException(ExitStatus.FAILED, String.valueOf(e.getMessage()));
        } catch (KafkaException e) {
            throw KafkaTrouble.of(settings, e);
        }
    }

    private UsageQuestion question() {
        try {
            return UsageQuestion.of(start, end, project, include, LocalDate.now(ZoneOffset.UTC));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }
}
