package cdc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Checks that a worker that gives up ends at once, even when a shutdown hook waits for the thread that ends it. */
final class StackWorkerCheck {
    public static void main(String[] args) throws Exception {
        if (args.length > 0) {
            worker(args[0]);
            return;
        }
        Path properties = Files.createTempFile("worker", ".properties");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process worker = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), StackWorkerCheck.class.getName(), properties.toString())
                .inheritIO().start();
        boolean ended = worker.waitFor(30, TimeUnit.SECONDS);
        worker.destroyForcibly();
        if (!ended || worker.exitValue() != 1) {
            throw new AssertionError(ended ? "a worker that gave up ended with " + worker.exitValue() : "a worker that gave up does not end");
        }
    }

    /** Starts the worker with --help: it then exits in the same way as when its herder fails. */
    private static void worker(String properties) throws Exception {
        Thread hook = new Thread(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        StackWorker.main(new String[] {properties, "--help"});
    }
}
