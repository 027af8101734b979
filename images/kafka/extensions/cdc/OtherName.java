package cdc;

import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.connection.MessageDecoderContext;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.relational.TableId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a note into the database when changes of a captured table come under another name. {@code build/NoteOtherName.java} makes Debezium call it.
 *
 * <p>A publication still includes a table when its schema is renamed, and the log calls the table by the name that it has at that moment. Debezium
 * 3.7 leaves out changes of tables that are not in its list. And it writes changes of a table that has the name of another captured table to the
 * topic of that one. Once the schema has its name back, nothing in the catalogue shows that this happened. The notes do, in the rows of both tables
 * among those of the capture: whoever reads them reports it.
 */
public final class OtherName {
    private static final Logger LOGGER = LoggerFactory.getLogger(OtherName.class);
    private static final String NAMES = "SELECT relation, schema, name FROM \"%s\".captured WHERE published IS NOT NULL";
    /**
     * Marks the rows of two tables: of the one that has this OID and another name, and of the one that has this name and another OID. Changes from
     * before a table was captured under its present name do not count, because its rows were read afterwards.
     */
    private static final String NOTE = """
            UPDATE "%s".captured SET named = 'away'
            WHERE (relation = CAST(? AS oid)) <> ((schema, name) = (?, ?)) AND published IS NOT NULL AND named <> 'away' AND since < ?""";
    /** Beginning of the SQL states which say that there are no such notes, or not for this role. Captures by earlier versions have none. */
    private static final String NO_NOTES = "42";
    /** For each task, the noted names by OID, as of its last query. A table usually has its noted name, and then no query is needed. */
    private static final Map<PostgresConnectorConfig, Map<Long, TableId>> KNOWN = Collections.synchronizedMap(new WeakHashMap<>());

    private OtherName() {
    }

    /**
     * Called when the log describes a table, before changes of it. Does not change the position in the message, so that Debezium can read it.
     *
     * @param atTable the message, from the table's OID on
     * @param committed when the transaction was committed
     * @throws SQLException the note cannot be written now; the task restarts, and comes to this place again
     */
    public static void of(ByteBuffer atTable, Instant committed, MessageDecoderContext context) throws SQLException {
        PostgresConnectorConfig config = context.getConfig();
        ByteBuffer message = atTable.duplicate();
        long oid = Integer.toUnsignedLong(message.getInt());
        TableId table = new TableId(null, text(message), text(message));
        List<String> signals = config.getSignalingDataCollectionIds();
        if (signals.isEmpty() || table.equals(KNOWN.getOrDefault(config, Map.of()).get(oid))) {
            return;
        }
        String notes = schemaOf(signals.getFirst());
        try (PostgresConnection database = new PostgresConnection(config.getJdbcConfig(), "cdc other name")) {
            Map<Long, TableId> names = noted(database.connection(), notes);
            KNOWN.put(config, names);
            if (!table.equals(names.get(oid))) {
                note(database.connection(), notes, oid, table, committed);
            }
        } catch (SQLException e) {
            if (e.getSQLState() == null || !e.getSQLState().startsWith(NO_NOTES)) {
                throw e;
            }
            if (!config.getTableFilters().dataCollectionFilter().isIncluded(table)) {
                LOGGER.warn("Changes of {}, which is in the publication and not among the tables, are not told, and nothing notes it", table, e);
            }
        }
    }

    /** Reads all names with one query: there may be hundreds, and usually each table has its noted name. */
    private static Map<Long, TableId> noted(Connection database, String notes) throws SQLException {
        Map<Long, TableId> names = new HashMap<>();
        try (Statement statement = database.createStatement(); ResultSet rows = statement.executeQuery(String.format(NAMES, notes))) {
            while (rows.next()) {
                names.put(rows.getLong(1), new TableId(null, rows.getString(2), rows.getString(3)));
            }
        }
        return names;
    }

    private static void note(Connection database, String notes, long oid, TableId table, Instant committed) throws SQLException {
        try (PreparedStatement note = database.prepareStatement(String.format(NOTE, notes))) {
            note.setLong(1, oid);
            note.setString(2, table.schema());
            note.setString(3, table.table());
            note.setObject(4, committed.atOffset(ZoneOffset.UTC));
            if (note.executeUpdate() > 0) {
                LOGGER.warn("Changes of a captured table came under the name {}: some may be lost until it is read again", table);
            }
        }
    }

    /** The notes are in the schema of the table of signals, whose name has no special characters. */
    private static String schemaOf(String table) {
        return table.substring(0, table.indexOf('.'));
    }

    /** Reads a text up to a byte of 0. It is in the client's encoding, UTF-8. */
    private static String text(ByteBuffer message) {
        int end = message.position();
        while (message.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - message.position()];
        message.get(bytes).get();
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
