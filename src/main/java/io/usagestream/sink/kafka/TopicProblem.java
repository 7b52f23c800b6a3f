package io.usagestream.sink.kafka;

/**
 * Something about topics or brokers that is not as it should be.
 *
 * @param what what was found, in a sentence
 * @param remedy the command or setting that mends it
 */
public record TopicProblem(Severity severity, String what, String remedy) {
    /** Whether the service may start all the same. */
    public enum Severity {
        /** Data would be lost or could not be written: it must not start. */
        REFUSED,
        /** Less safe or slower than it should be. */
        WARNING
    }

    static TopicProblem refused(String what, String remedy) {
        return new TopicProblem(Severity.REFUSED, what, remedy);
    }

    static TopicProblem warning(String what, String remedy) {
        return new TopicProblem(Severity.WARNING, what, remedy);
    }
}
