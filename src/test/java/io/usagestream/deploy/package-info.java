/** Holds the files that people deploy by: manifests, the compose file, the image's own. */
@NullMarked
package io.usagestream.deploy;

import org.jspecify.annotations.NullMarked;
