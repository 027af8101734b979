package cdc;

import io.debezium.connector.postgresql.SourceInfo;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;

/**
 * Tells Postgres up to which position a task's records are safe in Kafka, when Connect writes them in transactions.
 * {@code build/ConfirmWhatWasWritten.java} makes Debezium's task call it.
 *
 * <p>After each commit of Connect, Debezium 3.7 reads the stored offset back from the end of the topic of offsets. The task waits for it: 4 ms, and
 * 500 ms when the reader of that topic has just begun to wait for more. Connect commits once a second without transactions, and after each batch with
 * them. But with transactions, Connect reports a record as written only once it is committed, together with its offset. So the offset need not be
 * read back.
 */
public final class Confirmations {
    /**
     * Time between two confirmations: the same as without transactions ({@code offset.flush.interval.ms}). Postgres keeps its log for this much
     * longer.
     */
    private static final long EVERY_NANOS = 1_000_000_000;
    /**
     * The confirmations of the task that a thread runs. Without transactions, the producer's thread reports the written records. Their offsets are
     * not stored yet. That thread has no confirmations, so its reports change nothing.
     */
    private static final ThreadLocal<Confirmations> OF_THREAD = new ThreadLocal<>();

    private final WeakReference<SourceTaskContext> task;
    /** By partition of the source, the newest offset that is stored and that Postgres was not told yet. */
    private final Map<Map<String, ?>, Map<String, ?>> untold = new HashMap<>();
    private boolean inTransactions;
    private long lastNanos = System.nanoTime() - EVERY_NANOS;

    private Confirmations(SourceTaskContext task) {
        this.task = new WeakReference<>(task);
    }

    /** Called when Connect has written a record. @param metadata null when a transform dropped the record, whose offset is then not stored */
    public static void written(SourceRecord record, RecordMetadata metadata) {
        Confirmations own = OF_THREAD.get();
        if (own == null || metadata == null) {
            return;
        }
        own.inTransactions = true;
        // Records that are not of the stream, such as notifications, have offsets of another kind.
        if (record.sourceOffset() != null && record.sourceOffset().containsKey(SourceInfo.LSN_KEY)) {
            own.untold.put(record.sourcePartition(), record.sourceOffset());
        }
    }

    /** Whether this thread's task writes in transactions. Its first written record shows it. */
    static boolean inTransactions() {
        Confirmations own = OF_THREAD.get();
        return own != null && own.inTransactions;
    }

    /**
     * Tells Postgres the offsets that it was not told yet, at most once a second. Called whenever the task is polled for records, and at each commit.
     *
     * @return whether the task writes in transactions; if not, Debezium confirms offsets itself
     */
    public static boolean made(ChangeEventSourceCoordinator<?, ?> coordinator, SourceTaskContext task) {
        return made(coordinator == null ? null : coordinator::commitOffset, task, System.nanoTime());
    }

    /** {@link ChangeEventSourceCoordinator#commitOffset}. */
    interface Telling {
        void commitOffset(Map<String, ?> partition, Map<String, ?> offset);
    }

    static boolean made(Telling telling, SourceTaskContext task, long nowNanos) {
        Confirmations own = OF_THREAD.get();
        if (own == null || own.task.get() != task) {
            OF_THREAD.set(own = new Confirmations(task));
        }
        own.tell(telling, nowNanos);
        return own.inTransactions;
    }

    private void tell(Telling telling, long nowNanos) {
        if (telling == null || untold.isEmpty() || nowNanos - lastNanos < EVERY_NANOS) {
            return;
        }
        lastNanos = nowNanos;
        untold.forEach(telling::commitOffset);
        untold.clear();
    }
}
