package io.usagestream.envelope;

import io.usagestream.avro.UsagePoint;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.util.ClassSecurityValidator;

/** Has Avro trust the classes generated from our schemas: since 1.12.1 it makes instances of no class that nobody named. */
final class GeneratedClasses {
    private static final String PACKAGE = UsagePoint.class.getPackageName();
    private static final AtomicBoolean TRUSTED = new AtomicBoolean();

    private GeneratedClasses() {}

    static void trust() {
        if (TRUSTED.compareAndSet(false, true)) {
            ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                    ClassSecurityValidator.getGlobal(),
                    type -> type.getPackageName().equals(PACKAGE)));
        }
    }
}
