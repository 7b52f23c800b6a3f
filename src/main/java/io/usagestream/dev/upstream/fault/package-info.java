/** What an upstream does wrong, each a small named thing with a seeded rate. */
@NullMarked
package io.usagestream.dev.upstream.fault;

import org.jspecify.annotations.NullMarked;
