package cdc;

import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.connection.MessageDecoderContext;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.relational.TableId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes in the database that changes of a captured table came under another name. Asked by what {@code build/NoteOtherName.java} puts in.
 *
 * <p>A publication follows a table whose schema is renamed, and the log calls it by the name of that moment. Debezium 3.7 leaves out what is in no
 * list of its tables. Once the schema has its name back, nothing in the catalogue tells of it: so the capture's note of the table does, and who
 * looks at that says it.
 */
public final class OtherName {
    private static final Logger LOGGER = LoggerFactory.getLogger(OtherName.class);
    /** What was written before the table was captured under its name of today has been read with its rows. */
    private static final String NOTE = """
            UPDATE "%s".captured SET named = 'away'
            WHERE relation = CAST(? AS oid) AND (schema, name) <> (?, ?) AND published IS NOT NULL AND named <> 'away' AND since < ?""";
    /** How the states begin that say that there are no such notes, or not for this role: a capture of before has none. */
    private static final String NO_NOTES = "42";

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
        String schema = text(message);
        String table = text(message);
        List<String> signals = config.getSignalingDataCollectionIds();
        if (signals.isEmpty() || config.getTableFilters().dataCollectionFilter().isIncluded(new TableId(null, schema, table))) {
            return;
        }
        try (PostgresConnection database = new PostgresConnection(config.getJdbcConfig(), "cdc other name");
                PreparedStatement note = database.connection().prepareStatement(String.format(NOTE, schemaOf(signals.getFirst())))) {
            note.setLong(1, oid);
            note.setString(2, schema);
            note.setString(3, table);
            note.setObject(4, committed.atOffset(ZoneOffset.UTC));
            if (note.executeUpdate() > 0) {
                LOGGER.warn("Changes of a captured table came under the name {}.{}: some may be lost until it is read again", schema, table);
            }
        } catch (SQLException e) {
            if (e.getSQLState() == null || !e.getSQLState().startsWith(NO_NOTES)) {
                throw e;
            }
            LOGGER.warn("Changes of {}.{}, which is in the publication and not among the tables, are not told, and nothing notes it", schema, table, e);
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
