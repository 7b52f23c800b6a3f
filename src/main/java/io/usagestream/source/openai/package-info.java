/** OpenAI's organization usage and costs: streams as data, one request builder, one decoder. */
@NullMarked
package io.usagestream.source.openai;

import org.jspecify.annotations.NullMarked;
