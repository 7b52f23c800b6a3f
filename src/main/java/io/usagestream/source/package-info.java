/** Reads an upstream page by page. {@code source.http} one careful request; {@code source.openai}, {@code source.scenario} those APIs and no others. */
@NullMarked
package io.usagestream.source;

import org.jspecify.annotations.NullMarked;
