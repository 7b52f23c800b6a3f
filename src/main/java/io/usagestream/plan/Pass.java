package io.usagestream.plan;

import java.time.Instant;

/**
 * One way up from the watermark to now, as far as it has come.
 *
 * @param began when it began
 * @param position what lies before it is read
 * @param settled what had come of age by its begin: to follow what comes of age meanwhile would never end
 * @param resumeAt where it goes on behind what it leaves out
 * @param whole whether it leaves nothing out between the settled time and now
 */
record Pass(Instant began, Instant position, Instant settled, Instant resumeAt, boolean whole) {
    Pass at(Instant to) {
        return new Pass(began, to, settled, resumeAt, whole);
    }

    /** The same pass, beyond what it leaves out. */
    Pass skipped() {
        boolean between = !whole && position.isBefore(resumeAt) && !position.isBefore(settled);
        return between ? at(resumeAt) : this;
    }

    /** How far it may read from its position, at most to an end. */
    Instant bound(Instant end) {
        return !whole && position.isBefore(settled) ? Horizon.earlier(settled, end) : end;
    }
}
