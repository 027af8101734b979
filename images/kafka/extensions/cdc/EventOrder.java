package cdc;

import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.ReplicationMessage.Operation;
import java.nio.ByteBuffer;

/**
 * Where the event at hand stands among all events of the replication stream: by its transaction's commit, and in there by
 * its number. Both follow from the log alone, so an event that is read again stands where it stood. The position of the
 * change itself is no such place: rows of one COPY share it, and those of transactions side by side interleave. Debezium is
 * made to tell what it reads (`build/WholeTransactions.java`).
 */
public final class EventOrder {
    /** Debezium reads the stream and makes the records of it in one thread, and a worker may have several connectors. */
    private static final ThreadLocal<EventOrder> OF_THREAD = ThreadLocal.withInitial(EventOrder::new);

    private long commitLsn = -1;
    private long serialNo;

    private EventOrder() {
    }

    static EventOrder current() {
        return OF_THREAD.get();
    }

    /** @param atBegin a BEGIN message behind its letter: it starts with the position of the transaction's COMMIT */
    public static void begin(ByteBuffer atBegin) {
        current().startAt(atBegin.getLong(atBegin.position()));
    }

    /** A message has been read; events of tables that are not captured count as well, as which those are may change. */
    public static void next(Lsn lsn, Long transaction, Operation of) {
        if (of == null) {
            return;
        }
        switch (of) {
            case INSERT, UPDATE, DELETE, TRUNCATE -> current().serialNo++;
            case MESSAGE -> {
                if (transaction == null && lsn != null) {
                    // Belongs to no transaction, and stands before that which commits where it ends.
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

    /** From 1 in a transaction; 0 for a message outside of any. */
    long serialNo() {
        return serialNo;
    }
}
