package cdc;

import io.debezium.connector.SnapshotType;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.spi.SlotState;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a task take its snapshot of all rows on a new slot, and reports which changes only the old slot held.
 * {@code build/BeginOnFreshSlot.java} makes Debezium's task call it.
 *
 * <p>A slot may exist without an offset that says how far it was read: the offsets are lost, or a first snapshot was interrupted. Debezium 3.7 then
 * takes its snapshot beside the slot, without the slot's view of the data. It reads rows later than the position from which the stream goes on, so a
 * topic gets the newest version of a row before older ones. With a slot that Debezium makes, snapshot and stream begin at the same position. The
 * changes that the old slot held are skipped in both cases, and a snapshot has no record of a DELETE. So a message in the log says which part of it
 * is skipped. There is none when that part has no captured change, as when a connector with {@code snapshot.mode=always} restarts at rest.
 *
 * <p>The new slot only holds what is written later. The task may end before it has written the message, or before the stream has reached it. So
 * a note in the database is written before the old slot is dropped. And when a dropped slot still holds such a message, the next message includes
 * what that one says.
 */
public final class FreshSlot {
    private static final Logger LOGGER = LoggerFactory.getLogger(FreshSlot.class);
    private static final String NAME = "cdc fresh slot";
    /**
     * Writes the message. Its content is the skipped part of the log: its first and its last position, as numbers of bytes from the log's beginning.
     */
    private static final String TELL =
            "SELECT pg_logical_emit_message(true, 'cdc.begun-anew', '%d ' || (pg_current_wal_lsn() - '0/0'))";
    /**
     * Has a row when a slot (the first parameter) still holds a change that the publication (the second) sends. From 15 on, Postgres does not send
     * transactions without such a change, so that one is enough.
     */
    private static final String HELD = """
            SELECT 1 FROM pg_logical_slot_peek_binary_changes(?, NULL, CASE WHEN current_setting('server_version_num')::int >= 150000 THEN 1 END,
                'proto_version', '1', 'publication_names', quote_ident(?)) WHERE get_byte(data, 0) IN (68, 73, 84, 85) LIMIT 1""";
    /**
     * The first of the positions from which on the log is skipped, as said by the messages that a slot still holds. In each message, the prefix
     * begins at byte 11 and the content at byte 30.
     */
    private static final String UNHEARD = """
            SELECT min(split_part(convert_from(substring(data FROM 30), 'UTF8'), ' ', 1)::bigint)
            FROM pg_logical_slot_peek_binary_changes(?, NULL, NULL, 'proto_version', '1', 'publication_names', quote_ident(?), 'messages', 'true')
            WHERE get_byte(data, 0) = 77 AND substring(data FROM 11 FOR 15) = 'cdc.begun-anew'::bytea || '\\x00'""";
    /** The time in which to read what the slot holds. When it takes longer, the slot counts as one that holds a change. */
    private static final String BRIEFLY = "SET statement_timeout = '10s'";
    /**
     * Writes the note: a physical slot that keeps no log. A role that may make logical slots may make physical ones, and the server keeps them
     * through a crash.
     */
    private static final String NOTE = """
            SELECT pg_create_physical_replication_slot(n) FROM CAST(? AS name) n
            WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = n)""";
    private static final String NOTES = "SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'physical' AND starts_with(slot_name::text, ?)";
    private static final String FORGET = "SELECT pg_drop_replication_slot(?)";
    /** The position from which on the log is skipped, when this thread has dropped a slot. The thread starts a task. */
    private static final ThreadLocal<Lsn> DROPPED = new ThreadLocal<>();

    private FreshSlot() {
    }

    /**
     * Drops a slot on which the task would take a snapshot from the start.
     *
     * @return the slot; null when Debezium has to make one
     * @throws RetriableException somebody reads the slot, as after a task was cut off; the next try follows after some seconds
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
        Lsn passedOver = slot.slotIsActive() ? null : untold(slot, config);
        if (passedOver != null) {
            note(passedOver, config);
        }
        try (PostgresConnection database = new PostgresConnection(config.getJdbcConfig(), NAME)) {
            if (slot.slotIsActive() || !database.dropReplicationSlot(config.slotName())) {
                throw new RetriableException("Replication slot " + config.slotName() + " is to be made anew for a snapshot, and cannot be dropped:"
                        + " somebody reads it, or the role lacks REPLICATION");
            }
        }
        LOGGER.warn("Replication slot {} was read up to {} and has no offset that goes on from there: it is made anew for a snapshot",
                config.slotName(), slot.slotLastFlushedLsn());
        DROPPED.set(passedOver);
        return null;
    }

    /**
     * The position from which on the log is skipped when the slot is dropped; null when no captured change is in it. When the queries fail, the slot
     * counts as one that holds a change.
     */
    private static Lsn untold(SlotState slot, PostgresConnectorConfig config) {
        Lsn read = slot.slotLastFlushedLsn();
        try (PostgresConnection database = new PostgresConnection(config.getJdbcConfig(), NAME);
                Statement setting = database.connection().createStatement()) {
            setting.execute(BRIEFLY);
            Lsn held = peek(database, HELD, config) == null ? null : read;
            // Before 14, Postgres sends messages to nobody.
            Long unheard = database.connection().getMetaData().getDatabaseMajorVersion() < 14 ? null : peek(database, UNHEARD, config);
            return unheard == null ? held : Lsn.valueOf(Math.min(unheard, read.asLong()));
        } catch (SQLException e) {
            LOGGER.warn("What replication slot {} holds cannot be looked at", config.slotName(), e);
            return read;
        }
    }

    /** The number in the first row; null when there is no row or no number. */
    private static Long peek(PostgresConnection database, String query, PostgresConnectorConfig config) throws SQLException {
        try (PreparedStatement look = database.connection().prepareStatement(query)) {
            look.setString(1, config.slotName());
            look.setString(2, config.publicationName());
            ResultSet found = look.executeQuery();
            long number = found.next() ? found.getLong(1) : 0;
            return number == 0 ? null : number;
        }
    }

    /** Writes the note. When the server has no slot left for it, the changes are still reported unless this process ends too soon. */
    private static void note(Lsn passedOver, PostgresConnectorConfig config) {
        try (PostgresConnection database = new PostgresConnection(config.getJdbcConfig(), NAME);
                PreparedStatement note = database.connection().prepareStatement(NOTE)) {
            note.setString(1, notes(config.slotName()) + Long.toHexString(passedOver.asLong()));
            note.execute();
        } catch (SQLException e) {
            LOGGER.warn("That what replication slot {} holds is told by nobody cannot be noted", config.slotName(), e);
        }
    }

    /**
     * The beginning of the names of a slot's notes. A position in the log follows. The slot's name is hashed, because it may have 63 letters itself,
     * and a note's name may not have more.
     */
    static String notes(String slot) {
        return String.format("cdc_anew_%08x_", slot.hashCode());
    }

    /**
     * Called when the new slot exists, so that it holds all that is written from now on. Writes the message, and removes the notes.
     *
     * @throws RetriableException the message cannot be written now; the next try makes another new slot, and finds the note
     */
    public static void made(PostgresConnectorConfig config) {
        Lsn from = DROPPED.get();
        DROPPED.remove();
        try (PostgresConnection database = new PostgresConnection(config.getJdbcConfig(), NAME);
                PreparedStatement look = database.connection().prepareStatement(NOTES);
                PreparedStatement forget = database.connection().prepareStatement(FORGET)) {
            String beginning = notes(config.slotName());
            List<String> notes = new ArrayList<>();
            look.setString(1, beginning);
            for (ResultSet found = look.executeQuery(); found.next();) {
                String note = found.getString(1);
                Lsn noted = Lsn.valueOf(Long.parseLong(note.substring(beginning.length()), 16));
                from = from == null || noted.compareTo(from) < 0 ? noted : from;
                notes.add(note);
            }
            if (from != null) {
                database.execute(String.format(TELL, from.asLong()));
            }
            for (String note : notes) {
                forget.setString(1, note);
                forget.execute();
            }
        } catch (SQLException e) {
            throw new RetriableException("Whether replication slot " + config.slotName() + " held what nobody is told cannot be asked or said", e);
        }
    }

    /**
     * Whether the task begins with a snapshot of all rows.
     *
     * @param stored the stored offset; null when there is none
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
