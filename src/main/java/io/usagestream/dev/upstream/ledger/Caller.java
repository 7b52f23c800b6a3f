package io.usagestream.dev.upstream.ledger;

import java.util.Optional;

/** Who uses OpenAI: an API key with its project and its user; a service account's key has none. */
record Caller(Optional<String> project, Optional<String> user, Optional<String> apiKey) {}
