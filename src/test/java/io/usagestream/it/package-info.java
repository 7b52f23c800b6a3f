/** Tests against what is real: a broker, HTTP, a registry. */
@NullMarked
package io.usagestream.it;

import org.jspecify.annotations.NullMarked;
