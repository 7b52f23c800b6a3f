/** What things cost. Run with {@code -DexcludedTests=none -Dtest=…Benchmark}. */
@NullMarked
package io.usagestream.benchmark;

import org.jspecify.annotations.NullMarked;
