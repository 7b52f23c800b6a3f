/** Two reference consumers, to read and to copy from: a billing ledger and an anomaly detector. Compiled and tested with the program, never in the image. */
@NullMarked
package io.usagestream.dev.consumers;

import org.jspecify.annotations.NullMarked;
