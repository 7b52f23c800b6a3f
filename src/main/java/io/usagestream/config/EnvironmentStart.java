package io.usagestream.config;

import java.util.Map;

/** The configuration that a few environment variables stand for, so that a first start needs no file. */
final class EnvironmentStart {
    static final String OPENAI_KEY = "OPENAI_ADMIN_KEY";
    static final String SCENARIO_KEY = "SCENARIO_SDK_API_KEY";
    static final String SCENARIO_SECRET = "SCENARIO_SDK_API_SECRET";
    static final String BROKERS = "KAFKA_BOOTSTRAP_SERVERS";

    /** For who only reads the topics. */
    static final String READER = """
            kafka:
              bootstrap.servers: ${KAFKA_BOOTSTRAP_SERVERS:-127.0.0.1:9092}
            """;

    private static final String OPENAI = """
              - name: openai
                provider: openai
                admin-key: ${OPENAI_ADMIN_KEY}
            """;
    private static final String SCENARIO = """
              - name: scenario
                provider: scenario
                api-key: ${SCENARIO_SDK_API_KEY}
                api-secret: ${SCENARIO_SDK_API_SECRET}
            """;

    private EnvironmentStart() {}

    /** The file that could have been written instead. */
    static String text(Map<String, String> environment, Problems problems) {
        StringBuilder text = new StringBuilder("sources:\n");
        boolean openai = set(environment, OPENAI_KEY);
        boolean scenario = set(environment, SCENARIO_KEY) || set(environment, SCENARIO_SECRET);
        if (!openai && !scenario) {
            problems.add(
                    0,
                    "",
                    "nothing says what to read: give --config FILE, or set " + OPENAI_KEY + " and/or " + SCENARIO_KEY
                            + " and " + SCENARIO_SECRET + ", and " + BROKERS);
        }
        if (openai) {
            text.append(OPENAI);
        }
        if (scenario) {
            text.append(SCENARIO);
        }
        return text.toString();
    }

    private static boolean set(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isBlank();
    }
}
