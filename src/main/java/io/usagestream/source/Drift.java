package io.usagestream.source;

import io.usagestream.stream.Reason;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What upstream shows that nobody knew of, by stream and name: counted, named once in the log, never in the way. */
public final class Drift {
    /** Names that are kept a stream; further ones are counted together. */
    public static final int MAX_NAMES = 50;

    /** The name under which names beyond the bound, and names unfit to print, are counted. */
    public static final String OTHERS = "*";

    private static final Logger LOG = LoggerFactory.getLogger(Drift.class);
    private static final Pattern PRINTABLE = Pattern.compile("[A-Za-z][A-Za-z0-9_.:]{0,39}");

    private final String source;
    private final UnaryOperator<String> cleaning;
    private final ConcurrentMap<String, ConcurrentMap<String, LongAdder>> streams = new ConcurrentHashMap<>();

    /** @param source whose upstream it is */
    public Drift(String source) {
        this(source, UnaryOperator.identity());
    }

    /**
     * @param source whose upstream it is
     * @param cleaning what becomes of upstream's text before anyone sees it: a name that it changes is not kept
     */
    public Drift(String source, UnaryOperator<String> cleaning) {
        this.source = source;
        this.cleaning = cleaning;
    }

    /** Counts a field, object or value that is not known. Only its name is kept, and only if it looks like one. */
    public void saw(String stream, String name) {
        ConcurrentMap<String, LongAdder> names = streams.computeIfAbsent(stream, s -> new ConcurrentHashMap<>());
        LongAdder count = names.get(name);
        if (count == null) {
            boolean fit =
                    PRINTABLE.matcher(name).matches() && cleaning.apply(name).equals(name);
            count = first(stream, names, fit ? name : OTHERS);
        }
        count.increment();
    }

    /** How often each was seen of one stream, by name. */
    public SortedMap<String, Long> of(String stream) {
        SortedMap<String, Long> names = new TreeMap<>();
        streams.getOrDefault(stream, new ConcurrentHashMap<>()).forEach((name, count) -> names.put(name, count.sum()));
        return names;
    }

    private LongAdder first(String stream, ConcurrentMap<String, LongAdder> names, String name) {
        String kept = names.size() < MAX_NAMES ? name : OTHERS;
        LongAdder fresh = new LongAdder();
        LongAdder known = names.putIfAbsent(kept, fresh);
        if (known != null) {
            return known;
        }
        LOG.atWarn()
                .addKeyValue("source", source)
                .addKeyValue("stream", stream)
                .addKeyValue("reason", Reason.UNKNOWN_FIELD.word())
                .addKeyValue("name", kept)
                .log("upstream shows something that is not known; the feed goes on");
        return fresh;
    }
}
