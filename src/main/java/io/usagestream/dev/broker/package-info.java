/** A real Kafka inside this JVM, or as a process of its own. */
@NullMarked
package io.usagestream.dev.broker;

import org.jspecify.annotations.NullMarked;
