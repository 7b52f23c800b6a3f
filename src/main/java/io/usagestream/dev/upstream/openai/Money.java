package io.usagestream.dev.upstream.openai;

/** How {@code amount.value} is written: the description says number, since 2026-05 it is text. */
public enum Money {
    TEXT,
    NUMBER
}
