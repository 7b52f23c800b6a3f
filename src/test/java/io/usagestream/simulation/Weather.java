package io.usagestream.simulation;

/**
 * How bad things are: probabilities of faults for each request or commit. Calm from the healing on.
 *
 * @param request of each way in which a request fails
 * @param commit of each way in which a commit fails
 * @param slow of an answer that takes minutes
 */
record Weather(double request, double commit, double slow) {
    static final Weather CALM = new Weather(0, 0, 0);
}
