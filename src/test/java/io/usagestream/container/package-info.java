/** The image and real containers, where there is a Docker: what is skipped elsewhere says so. */
@NullMarked
package io.usagestream.container;

import org.jspecify.annotations.NullMarked;
