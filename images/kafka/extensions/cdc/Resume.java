package cdc;

import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.WalPositionLocator;

/** Where Debezium goes on after a start. Asked by what `build/WholeTransactions.java` puts in. */
public final class Resume {
    private Resume() {
    }

    /**
     * Behind the last transaction that was read to its end: of those that commit later Postgres sends each from its beginning.
     *
     * @param own where Debezium would start, also without such a transaction
     */
    public static Lsn from(Lsn own, WalPositionLocator stored) {
        Lsn lastCommit = stored == null ? null : stored.getLastCommitStoredLsn();
        return lastCommit == null || own == null ? own : lastCommit;
    }
}
