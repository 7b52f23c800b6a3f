/** Everything on one machine: broker, simulated upstream, service, a live table, and the audit at the end. */
@NullMarked
package io.usagestream.dev.demo;

import org.jspecify.annotations.NullMarked;
