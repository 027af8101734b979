package cdc;

import io.debezium.annotation.ConnectorSpecific;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.snapshot.spi.SnapshotLock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps ALTER TABLE away from tables that a snapshot has yet to read: {@code snapshot.locking.mode.custom.name=cdc}.
 *
 * <p>A snapshot sees the rows of one moment. Where ALTER TABLE writes a table anew after that moment, a transaction that looks at the moment
 * finds the table empty (PostgreSQL's manual, "Caveats" of MVCC). The log does not have the rows either, so they would be in no topic. As
 * pg_dump does, the snapshot locks all tables first. ALTER TABLE and TRUNCATE wait until it ends. Debezium's own mode {@code shared} locks them too, but a
 * statement may come between the moment and the lock, or be at work then. So each table is compared with what it was at that moment. After an error Debezium begins the
 * snapshot again.
 */
@ConnectorSpecific(connector = PostgresConnector.class)
public final class LockedTables implements SnapshotLock {
    /**
     * Locks a table ({@code ?}), its partitions too, and fails when one of them has another file than at the snapshot's moment. A query of the catalogue
     * sees that moment, the function sees now.
     */
    private static final String LOCK = """
            LOCK TABLE ? IN ACCESS SHARE MODE;
            DO $cdc$ BEGIN
              IF EXISTS (SELECT FROM pg_class c WHERE c.relkind = 'r' AND c.relfilenode <> pg_relation_filenode(c.oid)
                  AND (c.oid = $name$?$name$::regclass OR c.oid IN (SELECT relid FROM pg_partition_tree($name$?$name$)))) THEN
                RAISE EXCEPTION '% was written anew since the moment of the snapshot, which would not see its rows', $name$?$name$;
              END IF;
            END $cdc$;
            """;

    @Override
    public String name() {
        return "cdc";
    }

    @Override
    public void configure(Map<String, ?> config) {
    }

    @Override
    public Optional<String> tableLockingStatement(Duration timeout, String table) {
        return Optional.of(LOCK.replace("?", table));
    }
}
