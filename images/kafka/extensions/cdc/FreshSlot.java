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
 * Has a snapshot from the beginning taken on a new slot, and what the old one held said. Asked by what {@code build/BeginOnFreshSlot.java}
 * puts in.
 *
 * <p>A slot may be there without an offset that says how far it was read: the offsets are lost, or a first snapshot was cut short. Debezium
 * 3.7 then takes its snapshot beside the slot, in no transaction of one view: rows are read later than the position from
 * which the stream goes on, so that their newest version is told before older ones. With a slot that it makes, both begin at
 * one place. What the old slot held would be passed over in any case, and a snapshot tells no DELETE of it: so a message in the log says which
 * part that is, unless there is no captured change in it, as when a connector with {@code snapshot.mode=always} is started anew at rest.
 *
 * <p>That message can only come behind the new slot, and the task may end before it is written, or before the stream comes to it. So a note in
 * the database goes before the drop, and what a slot that is dropped holds of such a message goes on into the next one.
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
    /** From where on the messages say that nothing is told which it still holds. In each the prefix begins at byte 11, and the content at byte 30. */
    private static final String UNHEARD = """
            SELECT min(split_part(convert_from(substring(data FROM 30), 'UTF8'), ' ', 1)::bigint)
            FROM pg_logical_slot_peek_binary_changes(?, NULL, NULL, 'proto_version', '1', 'publication_names', quote_ident(?), 'messages', 'true')
            WHERE get_byte(data, 0) = 77 AND substring(data FROM 11 FOR 15) = 'cdc.begun-anew'::bytea || '\\x00'""";
    /** Where it takes longer to read what the slot holds, it counts as a change. */
    private static final String BRIEFLY = "SET statement_timeout = '10s'";
    /** The note: a physical slot that keeps no log. The role may make one where it may make the other, and the server keeps it through a crash. */
    private static final String NOTE = """
            SELECT pg_create_physical_replication_slot(n) FROM CAST(? AS name) n
            WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = n)""";
    private static final String NOTES = "SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'physical' AND starts_with(slot_name::text, ?)";
    private static final String FORGET = "SELECT pg_drop_replication_slot(?)";
    /** From where on this thread, which starts a task, has passed over what a slot held that it dropped. */
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

    /** From where on nobody is told what the slot holds; null: there is nothing to tell. Where that cannot be asked, something is taken to be in it. */
    private static Lsn untold(SlotState slot, PostgresConnectorConfig config) {
        Lsn read = slot.slotLastFlushedLsn();
        try (PostgresConnection database = new PostgresConnection(config.getJdbcConfig(), NAME);
                Statement setting = database.connection().createStatement()) {
            setting.execute(BRIEFLY);
            Lsn held = peek(database, HELD, config) == null ? null : read;
            // Before 14 nobody is sent messages.
            Long unheard = database.connection().getMetaData().getDatabaseMajorVersion() < 14 ? null : peek(database, UNHEARD, config);
            return unheard == null ? held : Lsn.valueOf(Math.min(unheard, read.asLong()));
        } catch (SQLException e) {
            LOGGER.warn("What replication slot {} holds cannot be looked at", config.slotName(), e);
            return read;
        }
    }

    /** The number in the first row; null: there is none. */
    private static Long peek(PostgresConnection database, String query, PostgresConnectorConfig config) throws SQLException {
        try (PreparedStatement look = database.connection().prepareStatement(query)) {
            look.setString(1, config.slotName());
            look.setString(2, config.publicationName());
            ResultSet found = look.executeQuery();
            long number = found.next() ? found.getLong(1) : 0;
            return number == 0 ? null : number;
        }
    }

    /** A server may have no room for one slot more: then it is said unless this process ends too soon. */
    private static void note(Lsn passedOver, PostgresConnectorConfig config) {
        try (PostgresConnection database = new PostgresConnection(config.getJdbcConfig(), NAME);
                PreparedStatement note = database.connection().prepareStatement(NOTE)) {
            note.setString(1, notes(config.slotName()) + Long.toHexString(passedOver.asLong()));
            note.execute();
        } catch (SQLException e) {
            LOGGER.warn("That what replication slot {} holds is told by nobody cannot be noted", config.slotName(), e);
        }
    }

    /** How a slot's notes begin. The rest is a position in the log. A slot's name has up to 63 letters, and theirs no more. */
    static String notes(String slot) {
        return String.format("cdc_anew_%08x_", slot.hashCode());
    }

    /**
     * The new slot is there: what is written from now on is told.
     *
     * @throws RetriableException that cannot be said now: the next try makes the slot anew once more, and finds the note
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
