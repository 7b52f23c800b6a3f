/** The pages and answers that people and probes get. */
@NullMarked
package io.usagestream.ops.http;

import org.jspecify.annotations.NullMarked;
