/** The embedded broker and the simulated upstream: for development, tests and the demo, never in the image. */
@NullMarked
package io.usagestream.dev;

import org.jspecify.annotations.NullMarked;
