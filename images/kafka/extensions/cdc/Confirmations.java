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
 * How far a task's records are safe in Kafka, told to Postgres, where Connect writes them in transactions. Asked by what
 * {@code build/ConfirmWhatWasWritten.java} puts in.
 *
 * <p>After each commit of Connect Debezium 3.7 reads the stored offset back, from its topic's end, and the task waits: 4 ms, and 500 ms
 * where the reader of that topic had just begun to wait for more. Connect commits once a second, and with transactions after
 * each batch. But then what is told to be written is committed, and its offset with it: it need not be read.
 */
public final class Confirmations {
    /** As often as without transactions ({@code offset.flush.interval.ms}): so much longer does Postgres keep its log. */
    private static final long EVERY_NANOS = 1_000_000_000;
    /**
     * Of the task that a thread runs. Without transactions it is the producer's thread that tells what is written, whose
     * offset is not stored yet: it finds none.
     */
    private static final ThreadLocal<Confirmations> OF_THREAD = new ThreadLocal<>();

    private final WeakReference<SourceTaskContext> task;
    /** By partition of the source: the newest offset that is stored and not told. */
    private final Map<Map<String, ?>, Map<String, ?>> untold = new HashMap<>();
    private boolean inTransactions;
    private long lastNanos = System.nanoTime() - EVERY_NANOS;

    private Confirmations(SourceTaskContext task) {
        this.task = new WeakReference<>(task);
    }

    /** Connect has written a record. @param metadata null: a transform dropped it, and its offset is not stored */
    public static void written(SourceRecord record, RecordMetadata metadata) {
        Confirmations own = OF_THREAD.get();
        if (own == null || metadata == null) {
            return;
        }
        own.inTransactions = true;
        // What is not of the stream, a notification say, has an offset of its own.
        if (record.sourceOffset() != null && record.sourceOffset().containsKey(SourceInfo.LSN_KEY)) {
            own.untold.put(record.sourcePartition(), record.sourceOffset());
        }
    }

    /** Whether this thread's task writes in transactions, as far as it has written. */
    static boolean inTransactions() {
        Confirmations own = OF_THREAD.get();
        return own != null && own.inTransactions;
    }

    /**
     * Tells what is untold, once a second. Called with each look for records, and with each commit.
     *
     * @return whether the task writes in transactions; Debezium confirms by itself otherwise
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
