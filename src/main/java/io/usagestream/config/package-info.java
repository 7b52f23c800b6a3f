/** A file and an environment into settings, or into everything that is wrong with them. */
@NullMarked
package io.usagestream.config;

import org.jspecify.annotations.NullMarked;
