package io.usagestream.config;

import java.util.List;
import java.util.Optional;

/** What part of an account is read; all of it when empty. */
record Filters(List<String> projectIds, List<String> userIds, Optional<String> teamId) {}
