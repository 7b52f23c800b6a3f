/** Documents made from what the program is, and the tests that keep them true. */
@NullMarked
package io.usagestream.documents;

import org.jspecify.annotations.NullMarked;
