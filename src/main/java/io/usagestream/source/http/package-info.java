/** One careful request: no redirects, verified hosts, a deadline and a limit on everything, and one meaning for every way to fail. */
@NullMarked
package io.usagestream.source.http;

import org.jspecify.annotations.NullMarked;
