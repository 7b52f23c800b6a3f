package io.usagestream.hostile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The rows of the catalogue that a process cannot be shown to do in half a minute, with the tests that show them. */
final class ElsewhereShown {
    private static final int ROWS = 54;

    private static final Map<Integer, String> TESTS = new TreeMap<>(Map.of(
            34, "this one, in the log: upstream rewrote history",
            39, "io.usagestream.source.openai.OpenAiDecodingTest#row_39_absent_and_null_are_not_zero",
            50, "io.usagestream.dedup.LogReadingTest#a_wrapped_offset_read_as_new_invents_rows",
            51, "io.usagestream.dedup.EventAdmissionTest#twins_are_told_apart_by_their_ordinals",
            53, "this one, over all requests"));

    private ElsewhereShown() {}

    /** Prints them and says which rows nobody shows. */
    static List<String> print(List<Row> rows) {
        List<String> faults = new ArrayList<>();
        TESTS.forEach((row, test) -> {
            System.out.printf("hostile: %-4d shown by %s%n", row, test);
            if (test.contains("#") && !exists(test)) {
                faults.add("row " + row + " has no test any more: " + test);
            }
        });
        var shown = rows.stream().map(Row::number).collect(Collectors.toSet());
        IntStream.rangeClosed(1, ROWS)
                .filter(row -> !shown.contains(row) && !TESTS.containsKey(row))
                .forEach(row -> faults.add("row " + row + " of the catalogue is not shown"));
        return faults;
    }

    private static boolean exists(String test) {
        String[] parts = test.split("#", 2);
        try {
            return Arrays.stream(Class.forName(parts[0]).getDeclaredMethods())
                    .anyMatch(method -> method.getName().equals(parts[1]));
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
