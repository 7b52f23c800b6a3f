package io.usagestream.ingest;

import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.plan.ChangeAges;
import io.usagestream.sink.LaneImage;
import io.usagestream.sink.LaneSession;
import io.usagestream.source.StreamSettings;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.SplitState;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes the memories of a lane's splits out of what was committed to it. A split whose state must not be used has none: it is
 * refused, and shown as halted for as long as the lane is ours. What goes through many rows is done beside the event loop: a lane may hold millions.
 */
final class Restoration {
    private final int lane;
    private final List<SourceContext> sources;
    private final Ticker ticker;
    private final Observer observer;

    Restoration(int lane, List<SourceContext> sources, Ticker ticker, Observer observer) {
        this.lane = lane;
        this.sources = sources;
        this.ticker = ticker;
        this.observer = observer;
    }

    /**
     * The memories of all splits that may be read.
     *
     * @param image what the session restored
     */
    Future<List<SplitMemory>> memories(LaneSession opened, LaneImage image) {
        List<Making> makings = sources.stream()
                .flatMap(source ->
                        source.settings().streams().stream().flatMap(stream -> making(source, stream, image).stream()))
                .toList();
        return ticker.aside(WindowDays.rows(image.eager()), () -> made(makings, SplitImage.of(image)))
                .compose(memories -> bringRest(opened, memories));
    }

    /** Makes a memory out of its split's part, which is looked up by the split's name. */
    private interface Making {
        SplitMemory of(Map<String, SplitImage> parts);
    }

    private static List<SplitMemory> made(List<Making> makings, Map<String, SplitImage> parts) {
        return makings.stream().map(making -> making.of(parts)).toList();
    }

    /** Segments of days that an outage left behind: they are loaded by their places. */
    private Future<List<SplitMemory>> bringRest(LaneSession opened, List<SplitMemory> memories) {
        Map<SegmentName, Long> owed = memories.stream()
                .flatMap(memory -> memory.owed().entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        if (owed.isEmpty()) {
            return Future.succeededFuture(memories);
        }
        Map<String, SplitMemory> byName = memories.stream()
                .collect(Collectors.toMap(memory -> memory.split().name(), Function.identity()));
        return opened.load(owed)
                .compose(loaded -> ticker.aside(WindowDays.rows(loaded), () -> {
                    loaded.stream()
                            .sorted(Comparator.comparingLong(
                                    segment -> segment.name().number()))
                            .forEach(segment -> Optional.ofNullable(
                                            byName.get(segment.name().split().name()))
                                    .ifPresent(memory -> memory.bring(segment)));
                    return memories;
                }));
    }

    /** What makes a split's memory of its part of the image; none when its state must not be used. */
    private Optional<Making> making(SourceContext source, StreamSettings stream, LaneImage image) {
        String name = stream.split().name();
        SplitCheckpoint checkpoint = image.checkpoints().get(name);
        if (checkpoint == null) {
            if (image.published().contains(name)) {
                String message = "the checkpoint of " + name + " is gone although it was read before: run 'recover'";
                refuse(source, stream, Optional.empty(), Reason.STATE_LOST, message);
                return Optional.empty();
            }
            Instant now = ticker.now();
            return Optional.of(parts -> SplitMemory.fresh(stream, now));
        }
        Optional<String> changed = changed(stream, checkpoint);
        if (changed.isPresent()) {
            refuse(source, stream, Optional.of(checkpoint), Reason.SETTINGS_CHANGED, changed.get());
            return Optional.empty();
        }
        return Optional.of(
                parts -> SplitMemory.restored(stream, checkpoint, parts.getOrDefault(name, SplitImage.nothing())));
    }

    /** What differs between the settings that made the stored keys and those that hold now. */
    private static Optional<String> changed(StreamSettings stream, SplitCheckpoint checkpoint) {
        Set<String> names = new HashSet<>(checkpoint.fingerprint().keySet());
        names.addAll(stream.fingerprint().keySet());
        return names.stream()
                .sorted()
                .filter(n -> !Optional.ofNullable(checkpoint.fingerprint().get(n))
                        .equals(Optional.ofNullable(stream.fingerprint().get(n))))
                .map(
                        n -> "'" + n + "' of " + stream.split().name() + " was '"
                                + checkpoint.fingerprint().getOrDefault(n, "") + "' and is '"
                                + stream.fingerprint().getOrDefault(n, "")
                                + "': the keys of its records would change and both would be billed; give the source a new name, or the setting its old value")
                .findFirst();
    }

    /** Nothing is committed of a split that is refused, so its progress record says what was true before. */
    private void refuse(
            SourceContext source,
            StreamSettings stream,
            Optional<SplitCheckpoint> known,
            Reason reason,
            String message) {
        Split split = stream.split();
        observer.windowFailed(split, reason, message);
        observer.split(new SplitStatus(
                split,
                lane,
                SplitState.HALTED,
                Optional.of(reason),
                message,
                known.map(SplitCheckpoint::frontier),
                known.map(SplitCheckpoint::watermark),
                Optional.empty(),
                known.flatMap(SplitCheckpoint::progress).flatMap(Progress::lastSuccessAt),
                known.flatMap(SplitCheckpoint::sweptAt),
                stream.lookback(),
                known.flatMap(checkpoint -> new ChangeAges(checkpoint.changeAges()).p999()),
                source.waiting(ticker.now()),
                0,
                0,
                source.skew(),
                source.unknown(split)));
        observer.gaveUp(split, reason, message);
    }
}
