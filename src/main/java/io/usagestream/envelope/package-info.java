/** Says a revision in Avro; the only package that knows the generated classes and the registry. */
@NullMarked
package io.usagestream.envelope;

import org.jspecify.annotations.NullMarked;
