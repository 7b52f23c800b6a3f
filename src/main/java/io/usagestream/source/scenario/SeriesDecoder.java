package io.usagestream.source.scenario;

import com.fasterxml.jackson.core.JsonParser;
import io.usagestream.source.Clocks;
import io.usagestream.source.Drift;
import io.usagestream.source.http.ErrorInstead;
import io.usagestream.source.json.Quarantine;
import io.usagestream.source.json.Redaction;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Page;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Window;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decodes a window of one section of series. */
final class SeriesDecoder {
    private final Section section;
    private final Redaction redaction;
    private final boolean userIds;
    private final Drift drift;

    SeriesDecoder(Section section, Redaction redaction, boolean userIds, Drift drift) {
        this.section = section;
        this.redaction = redaction;
        this.userIds = userIds;
        this.drift = drift;
    }

    /**
     * Decodes a whole body.
     *
     * @param date upstream's clock
     * @param now ours
     */
    Page.Buckets decode(byte[] body, Window window, Optional<Instant> date, Instant now) throws ErrorInstead {
        try (JsonParser parser = AnswerSections.parser(body)) {
            Quarantine quarantine = new Quarantine(body, redaction, userIds);
            SeriesReader wanted = new SeriesReader(parser, section, quarantine, window.from(), drift);
            SeriesReader usages = section == Section.USAGES
                    ? wanted
                    : new SeriesReader(parser, Section.USAGES, quarantine, window.from(), drift);
            Set<String> found = new AnswerSections(section.stream(), drift).read(parser, (member, first) -> {
                if (member.equals(section.member())) {
                    AnswerSections.list(first, member);
                    wanted.read();
                } else if (member.equals(Section.USAGES.member())) {
                    AnswerSections.list(first, member);
                    usages.read();
                } else {
                    return false;
                }
                return true;
            });
            if (!found.contains(section.member())) {
                throw AnswerSections.missing(section.member());
            }
            if (!found.contains(Section.USAGES.member())
                    && section != Section.USAGES
                    && usages.granularities().isEmpty()
                    && wanted.points().isEmpty()) {
                throw AnswerSections.missing(Section.USAGES.member());
            }
            return page(wanted, usages, quarantine, window, date, now);
        } catch (IOException e) {
            throw AnswerSections.notJson();
        }
    }

    private Page.Buckets page(
            SeriesReader wanted,
            SeriesReader usages,
            Quarantine quarantine,
            Window window,
            Optional<Instant> date,
            Instant now) {
        Set<String> said = usages.granularities();
        List<SeriesPoint> all = new ArrayList<>(wanted.points());
        if (usages != wanted) {
            all.addAll(usages.points());
        }
        List<Quarantined> loose = new ArrayList<>(wanted.bad());
        if (said.isEmpty() && all.isEmpty() && loose.isEmpty()) {
            return nothing(window, date);
        }
        Grain grain = Granularity.of(said, all, window);
        Grid grid = new Grid(section, window, grain, Clocks.of(date, now), quarantine);
        wanted.points().forEach(grid::lay);
        loose.addAll(grid.loose());
        return new Page.Buckets(date, grain, grid.buckets(), loose, false, Optional.empty(), false);
    }

    /** The sections are there and hold nothing, so that nothing tells the granularity: an account that did nothing in the window. */
    private static Page.Buckets nothing(Window window, Optional<Instant> date) {
        return new Page.Buckets(
                date, Granularity.longest(window), List.of(), List.of(), false, Optional.empty(), false);
    }
}
