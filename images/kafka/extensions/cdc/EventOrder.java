package cdc;

import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.ReplicationMessage.Operation;
import java.nio.ByteBuffer;

/**
 * The place of the current event among all events of the replication stream: the position of its transaction's COMMIT, and its number in the
 * transaction. Both depend only on the log, so an event that is read again has the same place. The position of the change itself is no such place:
 * rows of one COPY share it, and changes of concurrent transactions interleave. `build/WholeTransactions.java` makes Debezium report here what it
 * reads.
 */
public final class EventOrder {
    /** One for each thread: Debezium reads the stream and makes its records in one thread, and a worker may have several connectors. */
    private static final ThreadLocal<EventOrder> OF_THREAD = ThreadLocal.withInitial(EventOrder::new);

    private long commitLsn = -1;
    private long serialNo;

    private EventOrder() {
    }

    static EventOrder current() {
        return OF_THREAD.get();
    }

    /** @param atBegin a BEGIN message after its first byte: it starts with the position of the transaction's COMMIT */
    public static void begin(ByteBuffer atBegin) {
        current().startAt(atBegin.getLong(atBegin.position()));
    }

    /** Counts a message that was read. Events of tables that are not captured count as well, because the captured tables may change. */
    public static void next(Lsn lsn, Long transaction, Operation of) {
        if (of == null) {
            return;
        }
        switch (of) {
            case INSERT, UPDATE, DELETE, TRUNCATE -> current().serialNo++;
            case MESSAGE -> {
                if (transaction == null && lsn != null) {
                    // The message belongs to no transaction. Its place is before the transaction that commits at the message's end.
                    current().startAt(lsn.asLong());
                } else {
                    current().serialNo++;
                }
            }
            default -> {
            }
        }
    }

    private void startAt(long lsn) {
        commitLsn = lsn;
        serialNo = 0;
    }

    boolean isKnown() {
        return commitLsn != -1;
    }

    long commitLsn() {
        return commitLsn;
    }

    /** The event's number: from 1 on in a transaction, 0 for a message outside of transactions. */
    long serialNo() {
        return serialNo;
    }
}
