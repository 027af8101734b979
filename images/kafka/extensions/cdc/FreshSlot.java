package cdc;

import io.debezium.connector.SnapshotType;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.spi.SlotState;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a snapshot from the beginning taken on a new slot, and what the old one held said. Asked by what {@code build/BeginOnFreshSlot.java}
 * puts in.
 *
 * <p>A slot may be there without an offset that says how far it was read: the offsets are lost, or a first snapshot was cut short. Debezium
 * 3.7 then takes its snapshot beside the slot, in no transaction of one view: rows are read later than the position from
 * which the stream goes on, so that their newest version is told before older ones. With a slot that it makes, both begin at
 * one place. What the old slot held would be passed over in any case, and a snapshot tells no DELETE of it: so a message in the log says which
 * part that is, unless there is no captured change in it, as when a connector with {@code snapshot.mode=always} is started anew at rest.
 */
public final class FreshSlot {
    private static final Logger LOGGER = LoggerFactory.getLogger(FreshSlot.class);
    private static final String NAME = "cdc fresh slot";
    /** Its content: from where to where the log is not told, two numbers of bytes from the log's beginning. */
    private static final String TELL =
            "SELECT pg_logical_emit_message(true, 'cdc.begun-anew', '%d ' || (pg_current_wal_lsn() - '0/0'))";
    /** A row where a slot (the first parameter) still holds a change that the publication (the second) sends. Transactions without one come from 15 on no more. */
    private static final String HELD = """
            SELECT 1 FROM pg_logical_slot_peek_binary_changes(?, NULL, CASE WHEN current_setting('server_version_num')::int >= 150000 THEN 1 END,
                'proto_version', '1', 'publication_names', quote_ident(?)) WHERE get_byte(data, 0) IN (68, 73, 84, 85) LIMIT 1""";
    /** Where it takes longer to read what the slot holds, it counts as a change. */
    private static final String BRIEFLY = "SET statement_timeout = '10s'";
    /** How far the slot had come that this thread, which starts a task, has dropped. */
    private static final ThreadLocal<Lsn> DROPPED = new ThreadLocal<>();

    private FreshSlot() {
    }

    /**
     * The slot; null: Debezium makes one.
     *
     * @throws RetriableException somebody reads it, as the task before that was cut off: the next try is in some seconds
     */
    public static SlotState insteadOf(SlotState slot, SourceTaskContext task, PostgresConnectorConfig config) {
        DROPPED.remove();
        if (slot == null || config.isReadOnlyConnection()) {
            return slot;
        }
        String mode = task.configs().getOrDefault("snapshot.mode", "initial");
        if (!isBegun(mode, task.offsetStorageReader().offset(Map.of("server", config.getLogicalName())))) {
            return slot;
        }
        boolean passesOver = !slot.slotIsActive() && holdsChange(config);
        try (PostgresConnection database = new PostgresConnection(config.getJdbcConfig(), NAME)) {
            if (slot.slotIsActive() || !database.dropReplicationSlot(config.slotName())) {
                throw new RetriableException("Replication slot " + config.slotName() + " is to be made anew for a snapshot, and cannot be dropped:"
                        + " somebody reads it, or the role lacks REPLICATION");
            }
        }
        LOGGER.warn("Replication slot {} was read up to {} and has no offset that goes on from there: it is made anew for a snapshot",
                config.slotName(), slot.slotLastFlushedLsn());
        if (passesOver) {
            DROPPED.set(slot.slotLastFlushedLsn());
        }
        return null;
    }

    /** Where that cannot be asked, something is taken to be in it. */
    private static boolean holdsChange(PostgresConnectorConfig config) {
        try (PostgresConnection database = new PostgresConnection(config.getJdbcConfig(), NAME);
                Statement setting = database.connection().createStatement();
                PreparedStatement look = database.connection().prepareStatement(HELD)) {
            setting.execute(BRIEFLY);
            look.setString(1, config.slotName());
            look.setString(2, config.publicationName());
            return look.executeQuery().next();
        } catch (SQLException e) {
            LOGGER.warn("What replication slot {} holds cannot be looked at", config.slotName(), e);
            return true;
        }
    }

    /** The new slot is there: what is written from now on is told. */
    public static void made(PostgresConnectorConfig config) {
        Lsn read = DROPPED.get();
        DROPPED.remove();
        if (read == null) {
            return;
        }
        try (PostgresConnection database = new PostgresConnection(config.getJdbcConfig(), NAME)) {
            database.execute(String.format(TELL, read.asLong()));
        } catch (SQLException e) {
            throw new ConnectException("What replication slot " + config.slotName() + " held is told by nobody, and that cannot be said", e);
        }
    }

    /**
     * Whether all begins with a snapshot of the rows.
     *
     * @param stored the offset; null: none
     */
    static boolean isBegun(String mode, Map<String, Object> stored) {
        return switch (mode) {
            case "always" -> true;
            case "initial", "when_needed" -> stored == null
                    || SnapshotType.INITIAL.toString().equals(stored.get("snapshot")) && !Boolean.TRUE.equals(stored.get("snapshot_completed"));
            default -> false;
        };
    }
}
