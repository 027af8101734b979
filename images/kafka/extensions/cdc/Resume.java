package cdc;

import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.WalPositionLocator;

/** The position from which Debezium goes on after a start. `build/WholeTransactions.java` makes Debezium call it. */
public final class Resume {
    private Resume() {
    }

    /**
     * The COMMIT of the last transaction that was read to its end. Postgres sends each transaction that commits later from its beginning.
     *
     * @param own the position from which Debezium would start, which is also the result when there is no such transaction
     */
    public static Lsn from(Lsn own, WalPositionLocator stored) {
        Lsn lastCommit = stored == null ? null : stored.getLastCommitStoredLsn();
        return lastCommit == null || own == null ? own : lastCommit;
    }
}
