package cdc;

import io.debezium.connector.common.BaseSourceTask;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Postgres in a thread of its own how far a task's changes are safe. Asked by what {@code build/CommitOffTask.java} puts in.
 *
 * <p>Once a second Connect has offsets written, and then asks Debezium 3.7 to commit. To know what is written, Debezium reads the offset
 * back from the end of its topic, in the thread that hands changes over: none leaves the task for 4 ms, and for 500 ms where the reader
 * of that topic has just begun to wait for more. Debezium's commit has a lock of its own against the task's end, since in earlier versions
 * Connect's thread made it.
 */
public final class CommitElsewhere {
    private static final Logger LOGGER = LoggerFactory.getLogger(CommitElsewhere.class);
    /** Tasks whose commit is being made. */
    private static final Set<BaseSourceTask<?, ?>> UNDERWAY = ConcurrentHashMap.newKeySet();

    private CommitElsewhere() {
    }

    /** In the thread of a task that writes in transactions it is made at once, since nothing is read back there ({@link Confirmations}). */
    public static void commit(BaseSourceTask<?, ?> task) {
        if (Confirmations.inTransactions()) {
            task.performCommit();
        } else if (UNDERWAY.add(task)) {
            Thread.ofPlatform().daemon().name("commit-" + Thread.currentThread().getName()).start(() -> make(task));
        }
    }

    private static void make(BaseSourceTask<?, ?> task) {
        try {
            task.performCommit();
        } catch (RuntimeException e) {
            // A connection that is lost ends the reading loop as well (build/FailedConfirmation.java), and a task that ends closes its reader.
            LOGGER.info("Postgres was not told how far changes are safe; the next commit tells it: {}", e.toString());
        } finally {
            UNDERWAY.remove(task);
        }
    }
}
