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
 * Notes in the database that changes of a captured table came under another name. Asked by what {@code build/NoteOtherName.java} puts in.
 *
 * <p>A publication follows a table whose schema is renamed, and the log calls it by the name of that moment. Debezium 3.7 leaves out what is in no
 * list of its tables, and puts what has the name of another captured table into the topic of that one. Once the schema has its name back, nothing in the
 * catalogue tells of it: so the capture's notes of both tables do, and who looks at them says it.
 */
public final class OtherName {
    private static final Logger LOGGER = LoggerFactory.getLogger(OtherName.class);
    private static final String NAMES = "SELECT relation, schema, name FROM \"%s\".captured WHERE published IS NOT NULL";
    /**
     * Of the table that has this OID and another name, and of the one that has this name and another OID. What was written before a table was captured
     * under its name of today has been read with its rows.
     */
    private static final String NOTE = """
            UPDATE "%s".captured SET named = 'away'
            WHERE (relation = CAST(? AS oid)) <> ((schema, name) = (?, ?)) AND published IS NOT NULL AND named <> 'away' AND since < ?""";
    /** How the states begin that say that there are no such notes, or not for this role: a capture of before has none. */
    private static final String NO_NOTES = "42";
    /** Of each task the names that were noted when it asked last, by OID: a table has its own name as a rule, and is not asked about then. */
    private static final Map<PostgresConnectorConfig, Map<Long, TableId>> KNOWN = Collections.synchronizedMap(new WeakHashMap<>());

    private OtherName() {
    }

    /**
     * A table is about to be told of. Leaves the message to its reader.
     *
     * @param atTable the message, at the table's OID
     * @param committed when the transaction was
     * @throws SQLException it cannot be noted now: the task begins anew, and comes to this place again
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

    /** In one go: there may be hundreds, and each has its own name as a rule. */
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

    /** The notes lie beside the table of signals, whose name has no character that is special. */
    private static String schemaOf(String table) {
        return table.substring(0, table.indexOf('.'));
    }

    /** In the encoding of the client, which is UTF-8, up to a byte of 0. */
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
