/** Usagestream: usage of AI providers, polled, deduplicated and committed to Kafka exactly once. */
@org.jspecify.annotations.NullMarked
package io.usagestream;
