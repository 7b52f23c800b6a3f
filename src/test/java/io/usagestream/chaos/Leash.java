package io.usagestream.chaos;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/** Runs another main class and ends this process as soon as the one that started it is gone, however that went. */
final class Leash {
    private static final long LOOK_MILLIS = 500;

    private Leash() {}

    /** @param arguments the id of the process that started this one, the main class, its arguments */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        long holder = Long.parseLong(arguments[0]);
        Thread watch = new Thread(() -> watch(holder), "leash");
        watch.setDaemon(true);
        watch.start();
        String[] rest = Arrays.copyOfRange(arguments, 2, arguments.length);
        try {
            Class.forName(arguments[1]).getMethod("main", String[].class).invoke(null, (Object) rest);
        } catch (InvocationTargetException e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(70);
        }
    }

    private static void watch(long holder) {
        while (ProcessHandle.of(holder).filter(ProcessHandle::isAlive).isPresent()) {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
        }
        Runtime.getRuntime().halt(71);
    }
}
