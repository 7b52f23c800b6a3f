package io.usagestream.source.scenario;

import io.usagestream.source.Failure;
import io.usagestream.source.http.Refusal;
import io.usagestream.source.http.RefusalMeaning;
import java.util.Optional;

/** Scenario's refusals mean what HTTP says; its envelope is not documented. */
final class ScenarioDialect implements RefusalMeaning.Dialect {
    @Override
    public Optional<Failure> of(Refusal refusal, String message) {
        return Optional.empty();
    }
}
