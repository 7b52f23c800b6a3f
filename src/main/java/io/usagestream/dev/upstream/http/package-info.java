/** One request and its answer, free of the server that carries them. */
@NullMarked
package io.usagestream.dev.upstream.http;

import org.jspecify.annotations.NullMarked;
