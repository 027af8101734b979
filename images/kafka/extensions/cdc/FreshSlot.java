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
 * <p>With {@code snapshot.mode=when_needed}, Debezium takes such a snapshot also where its offset cannot be used: the slot is gone, or begins later.
 * Then everything after the offset is skipped.
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
     * The word {@code deleted} follows when rows may have been deleted in it, and then the slot: every connector of the database reads the message.
     */
    private static final String TELL =
            "SELECT pg_logical_emit_message(true, 'cdc.begun-anew', '%d ' || (pg_current_wal_lsn() - '0/0') || '%s %s')";
    private static final String DELETED = "deleted";
    /**
     * Has a row when a slot (the first parameter) still holds a change that the publication (the second) sends. From 15 on, Postgres does not send
     * transactions without such a change, so that one is enough.
     */
    private static final String HELD = """
            SELECT 1 FROM pg_logical_slot_peek_binary_changes(?, NULL, CASE WHEN current_setting('server_version_num')::int >= 150000 THEN 1 END,
                'proto_version', '1', 'publication_names', quote_ident(?)) WHERE get_byte(data, 0) IN (68, 73, 84, 85) LIMIT 1""";
    /**
     * Has a row when a slot still holds a DELETE, a TRUNCATE or the change of a key. Rows that an earlier snapshot has written stay in their topics
     * then. An update of a table with REPLICA IDENTITY FULL does not show whether it changes the key, so it does not count.
     */
    private static final String HELD_DELETED = """
            SELECT 1 FROM pg_logical_slot_peek_binary_changes(?, NULL, NULL, 'proto_version', '1', 'publication_names', quote_ident(?))
            WHERE get_byte(data, 0) IN (68, 84) OR get_byte(data, 0) = 85 AND get_byte(data, 5) = 75 LIMIT 1""";
    /**
     * The first of the positions from which on the log is skipped, as said by the messages about this slot (the third parameter) that it still holds. In
     * each message, the prefix begins at byte 11 and the content at byte 30.
     */
    private static final String UNHEARD = """
            SELECT min(split_part(convert_from(substring(data FROM 30), 'UTF8'), ' ', 1)::bigint)
            FROM pg_logical_slot_peek_binary_changes(?, NULL, NULL, 'proto_version', '1', 'publication_names', quote_ident(?), 'messages', 'true')
            WHERE get_byte(data, 0) = 77 AND substring(data FROM 11 FOR 15) = 'cdc.begun-anew'::bytea || '\\x00'
                AND encode(substring(data FROM 30), 'escape') LIKE '% ' || ?""";
    /** The same of the messages which say that rows may have been deleted. */
    private static final String UNHEARD_DELETED = UNHEARD + " AND encode(substring(data FROM 30), 'escape') LIKE '% deleted %'";
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
    /** The part of the log that is skipped, when this thread has dropped a slot. The thread starts a task. */
    private static final ThreadLocal<PassedOver> DROPPED = new ThreadLocal<>();
    /** Whether the task that this thread starts has an offset, and so may have written rows into the topics. */
    private static final ThreadLocal<Boolean> HAS_WRITTEN = ThreadLocal.withInitial(() -> false);

    /**
     * A part of the log that no record tells. It ends where the new slot begins.
     *
     * @param deleted whether rows may have been deleted in it
     */
    record PassedOver(Lsn from, boolean deleted) {
        /** The part that has both; null is no part. */
        static PassedOver both(PassedOver one, PassedOver other) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            return new PassedOver(one.from.compareTo(other.from) <= 0 ? one.from : other.from, one.deleted || other.deleted);
        }

        /** The end of the name of its note. */
        String noted() {
            return Long.toHexString(from.asLong()) + (deleted ? "_" + DELETED : "");
        }

        static PassedOver ofNote(String noted) {
            String[] parts = noted.split("_");
            return new PassedOver(Lsn.valueOf(Long.parseLong(parts[0], 16)), parts.length > 1);
        }
    }

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
        HAS_WRITTEN.remove();
        if (config.isReadOnlyConnection()) {
            return slot;
        }
        String mode = task.configs().getOrDefault("snapshot.mode", "initial");
        Map<String, Object> stored = task.offsetStorageReader().offset(Map.of("server", config.getLogicalName()));
        HAS_WRITTEN.set(stored != null);
        Lsn unreachable = isChecked(config) ? unreachable(mode, stored, slot == null ? null : slot.slotRestartLsn()) : null;
        if (unreachable == null && (slot == null || !isBegun(mode, stored))) {
            return slot;
        }
        if (slot == null && isThere(config)) {
            throw new RetriableException("Replication slot " + config.slotName() + " could not be looked at a moment ago, and is there");
        }
        PassedOver passedOver = null;
        if (unreachable != null) {
            passedOver = new PassedOver(unreachable, true);
        } else if (!slot.slotIsActive()) {
            passedOver = untold(slot.slotLastFlushedLsn(), stored != null, config);
        }
        if (passedOver != null) {
            note(passedOver, config);
        }
        if (slot == null) {
            LOGGER.warn("Replication slot {} is gone, and with it the changes after {}: all rows are read", config.slotName(), unreachable);
            DROPPED.set(passedOver);
            return null;
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
     * The part of the log that is skipped when the slot is dropped; null when no captured change is in it. When the queries fail, the slot counts as one
     * that holds a change, and a DELETE.
     *
     * @param hasWritten whether rows may be in the topics. Before, a DELETE leaves nothing behind there.
     */
    private static PassedOver untold(Lsn read, boolean hasWritten, PostgresConnectorConfig config) {
        String slot = config.slotName();
        String of = config.publicationName();
        try (PostgresConnection database = new PostgresConnection(config.getJdbcConfig(), NAME);
                Statement setting = database.connection().createStatement()) {
            setting.execute(BRIEFLY);
            PassedOver held = peek(database, HELD, slot, of) == null ? null : new PassedOver(read, hasWritten && peek(database, HELD_DELETED, slot, of) != null);
            // Before 14, Postgres sends messages to nobody.
            Long unheard = database.connection().getMetaData().getDatabaseMajorVersion() < 14 ? null : peek(database, UNHEARD, slot, of, slot);
            return unheard == null ? held
                    : PassedOver.both(held, new PassedOver(Lsn.valueOf(Math.min(unheard, read.asLong())), peek(database, UNHEARD_DELETED, slot, of, slot) != null));
        } catch (SQLException e) {
            LOGGER.warn("What replication slot {} holds cannot be looked at", config.slotName(), e);
            return new PassedOver(read, hasWritten);
        }
    }

    /** The number in the first row; null when there is no row or no number. */
    private static Long peek(PostgresConnection database, String query, String... parameters) throws SQLException {
        try (PreparedStatement look = database.connection().prepareStatement(query)) {
            for (int at = 0; at < parameters.length; at++) {
                look.setString(at + 1, parameters[at]);
            }
            ResultSet found = look.executeQuery();
            long number = found.next() ? found.getLong(1) : 0;
            return number == 0 ? null : number;
        }
    }

    /** Writes the note. When the server has no slot left for it, the changes are still reported unless this process ends too soon. */
    private static void note(PassedOver passedOver, PostgresConnectorConfig config) {
        try (PostgresConnection database = new PostgresConnection(config.getJdbcConfig(), NAME);
                PreparedStatement note = database.connection().prepareStatement(NOTE)) {
            note.setString(1, notes(config.slotName()) + passedOver.noted());
            note.execute();
        } catch (SQLException e) {
            LOGGER.warn("That what replication slot {} holds is told by nobody cannot be noted", config.slotName(), e);
        }
    }

    /**
     * The beginning of the names of a slot's notes. What is passed over follows. The slot's name is hashed, because it may have 63 letters itself,
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
        PassedOver untold = DROPPED.get();
        DROPPED.remove();
        try (PostgresConnection database = new PostgresConnection(config.getJdbcConfig(), NAME);
                PreparedStatement look = database.connection().prepareStatement(NOTES);
                PreparedStatement forget = database.connection().prepareStatement(FORGET)) {
            String beginning = notes(config.slotName());
            List<String> notes = new ArrayList<>();
            look.setString(1, beginning);
            for (ResultSet found = look.executeQuery(); found.next();) {
                String note = found.getString(1);
                untold = PassedOver.both(untold, PassedOver.ofNote(note.substring(beginning.length())));
                notes.add(note);
            }
            if (untold != null) {
                // A note may be of an earlier stack.
                boolean deleted = untold.deleted && HAS_WRITTEN.get();
                database.execute(String.format(TELL, untold.from.asLong(), deleted ? " " + DELETED : "", config.slotName()));
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
     * Whether the slot exists. Debezium takes it for gone also where it could not look.
     *
     * @throws RetriableException it cannot be looked at now, either
     */
    private static boolean isThere(PostgresConnectorConfig config) {
        try (PostgresConnection database = new PostgresConnection(config.getJdbcConfig(), NAME)) {
            return database.getReplicationSlotState(config.slotName(), config.plugin().getPostgresPluginName()) != null;
        } catch (SQLException e) {
            throw new RetriableException("Replication slot " + config.slotName() + " cannot be looked at", e);
        }
    }

    /** Whether Debezium compares the stored offset with the slot. */
    private static boolean isChecked(PostgresConnectorConfig config) {
        return config.isLogPositionCheckEnabled() && !config.offsetSeekToSlotOnStart();
    }

    /**
     * The stored position of a task that takes a snapshot of all rows because the slot does not go on from there. It decides as Debezium does, which
     * has forgotten the offset by then.
     *
     * @param stored the stored offset; null when there is none
     * @param begins the position from which the slot holds the log; null when there is no slot
     * @return null when the task goes on from the offset, or when there is none of a stream
     */
    static Lsn unreachable(String mode, Map<String, Object> stored, Lsn begins) {
        if (!mode.equals("when_needed") || isBegun(mode, stored)) {
            return null;
        }
        // Behind a snapshot, there is no transaction yet that was read to its end.
        Object read = stored.getOrDefault("lsn_proc", begins == null ? stored.get("lsn") : null);
        if (!(read instanceof Number number)) {
            return null;
        }
        Lsn position = Lsn.valueOf(number.longValue());
        return begins == null || begins.compareTo(position) > 0 ? position : null;
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
