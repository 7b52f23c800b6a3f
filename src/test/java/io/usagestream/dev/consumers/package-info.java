/** The reference consumers over publications as the service makes them. */
@NullMarked
package io.usagestream.dev.consumers;

import org.jspecify.annotations.NullMarked;
