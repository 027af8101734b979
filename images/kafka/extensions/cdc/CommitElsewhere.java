package cdc;

import io.debezium.connector.common.BaseSourceTask;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Postgres, in a thread of its own, up to which position a task's changes are safe in Kafka. {@code build/CommitOffTask.java} makes Debezium's
 * task call it.
 *
 * <p>Once a second, Connect writes offsets and then calls Debezium's commit. To learn which offset is written, Debezium 3.7 reads it back from the
 * end of the topic of offsets, in the thread that hands changes over. Meanwhile, no change leaves the task: for 4 ms, and for 500 ms when the reader
 * of that topic has just begun to wait for more. Another thread may make the commit. Debezium has a lock between a commit and the end of its task,
 * because in earlier versions Connect's thread made the commits.
 */
public final class CommitElsewhere {
    private static final Logger LOGGER = LoggerFactory.getLogger(CommitElsewhere.class);
    /** Tasks with a commit under way. */
    private static final Set<BaseSourceTask<?, ?>> UNDERWAY = ConcurrentHashMap.newKeySet();

    private CommitElsewhere() {
    }

    /**
     * Commits in another thread, unless a commit of the task is under way. For a task that writes in transactions, it commits in the caller's thread:
     * nothing is read back there ({@link Confirmations}).
     */
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
            // A lost connection also ends the reading loop (build/FailedConfirmation.java). And a task that ends closes its reader of offsets.
            LOGGER.info("Postgres was not told how far changes are safe; the next commit tells it: {}", e.toString());
        } finally {
            UNDERWAY.remove(task);
        }
    }
}
