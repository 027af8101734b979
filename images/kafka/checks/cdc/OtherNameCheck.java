package cdc;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.connection.MessageDecoderContext;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/** Checks which changes under another name are noted: {@code OtherNameCheck USER PASSWORD DATABASE}. */
final class OtherNameCheck {
    private static final Instant CAPTURED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = CAPTURED.plusMillis(1);

    private final PostgresConnectorConfig config;

    private OtherNameCheck(String[] args) {
        config = new PostgresConnectorConfig(Configuration.create().with("topic.prefix", "checked").with("plugin.name", "pgoutput")
                .with("database.hostname", "127.0.0.1").with("database.port", 5432).with("database.user", args[0])
                .with("database.password", args[1]).with("database.dbname", args[2]).with("table.include.list", "shop\\.größe,shop\\.other")
                .with("signal.data.collection", "checked.signals").build());
    }

    public static void main(String[] args) throws SQLException {
        OtherNameCheck check = new OtherNameCheck(args);
        check.told(1, "away", LATER);
        check.ask("CREATE SCHEMA checked");
        check.ask("CREATE TABLE checked.captured (relation oid, schema text, name text, published oid, named text)");
        check.told(1, "away", LATER);
        check.ask("ALTER TABLE checked.captured ADD since timestamptz");
        check.ask("INSERT INTO checked.captured VALUES (4000000000, 'shop', 'größe', 1, '751', '" + CAPTURED + "')");
        check.expect("751", 4_000_000_000L, "shop", LATER, "under its own name");
        check.expect("751", 4_000_000_001L, "away", LATER, "another table");
        check.expect("751", 4_000_000_000L, "away", CAPTURED, "before it was captured");
        check.expect("away", 4_000_000_000L, "away", LATER, "under another name");
        check.ask("UPDATE checked.captured SET named = '752', published = NULL");
        check.expect("752", 4_000_000_000L, "away", LATER, "a table that is no longer captured");
        check.ask("UPDATE checked.captured SET published = 1, schema = 'away'");
        check.expect("752", 4_000_000_000L, "away", LATER, "under its name, which the task does not know yet");
        check.ask("UPDATE checked.captured SET schema = 'shop'");
        check.ask("INSERT INTO checked.captured VALUES (17, 'away', 'größe', 1, '753', '" + CAPTURED + "')");
        check.told(4_000_000_000L, "shop", LATER);
        check.told(17, "away", LATER);
        check.expect("752,753", 17, "away", LATER, "both under their own names");
        check.expect("away,away", 17, "shop", LATER, "one under the name of another: it lacks the changes, and that one has them");
        check.ask("DROP SCHEMA checked CASCADE");
    }

    private void expect(String named, long oid, String schema, Instant committed, String what) throws SQLException {
        told(oid, schema, committed);
        String found = ask("SELECT string_agg(named, ',' ORDER BY relation DESC) FROM checked.captured");
        if (!named.equals(found)) {
            throw new AssertionError(what + ": " + found + " instead of " + named);
        }
    }

    /** Passes on what the log says about a table before its changes. */
    private void told(long oid, String schema, Instant committed) throws SQLException {
        byte[] names = (schema + "\0größe\0").getBytes(StandardCharsets.UTF_8);
        ByteBuffer message = ByteBuffer.allocate(6 + names.length).put((byte) 'R').putInt((int) oid).put(names).put((byte) 'f').flip().position(1);
        OtherName.of(message, committed, new MessageDecoderContext(config, null));
        if (message.position() != 1) {
            throw new AssertionError("the message was read");
        }
    }

    /** The first value of the answer; null when there is none. */
    private String ask(String sql) throws SQLException {
        try (PostgresConnection database = new PostgresConnection(config.getJdbcConfig(), "check");
                Statement statement = database.connection().createStatement()) {
            if (!statement.execute(sql)) {
                return null;
            }
            ResultSet found = statement.getResultSet();
            return found.next() ? found.getString(1) : null;
        }
    }
}
