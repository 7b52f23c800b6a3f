/** OpenAI's usage and costs API, over the ledger. */
@NullMarked
package io.usagestream.dev.upstream.openai;

import org.jspecify.annotations.NullMarked;
