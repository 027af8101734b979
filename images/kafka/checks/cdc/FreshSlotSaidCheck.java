package cdc;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.spi.SlotState;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/**
 * Checks that changes which only the old slot held are reported in the new one, wherever a task ended meanwhile:
 * {@code FreshSlotSaidCheck USER PASSWORD DATABASE}.
 */
final class FreshSlotSaidCheck {
    private static final String NEW_SLOT = "SELECT pg_create_logical_replication_slot('checked', 'pgoutput')";
    private static final String NO_SLOTS = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots";
    private static final String CHANGE = "INSERT INTO checked DEFAULT VALUES";
    private static final String HEARTBEAT = "SELECT pg_logical_emit_message(true, 'cdc.heartbeat', '')";
    /** The positions from which on the log is skipped, as said by the messages that the slot holds. */
    private static final String SAID = """
            SELECT split_part(encode(substring(data FROM 30), 'escape'), ' ', 1) FROM pg_logical_slot_peek_binary_changes('checked', NULL, NULL,
                'proto_version', '1', 'publication_names', 'checked', 'messages', 'true') WHERE get_byte(data, 0) = 77""";
    private static final String READ = "SELECT confirmed_flush_lsn - '0/0' FROM pg_replication_slots";
    private static final String SLOTS = "SELECT slot_name FROM pg_replication_slots";

    private final PostgresConnectorConfig config;

    private FreshSlotSaidCheck(String[] args) {
        config = new PostgresConnectorConfig(Configuration.create().with("topic.prefix", "checked").with("plugin.name", "pgoutput")
                .with("slot.name", "checked").with("publication.name", "checked").with("database.hostname", "127.0.0.1")
                .with("database.port", 5432).with("database.user", args[0]).with("database.password", args[1])
                .with("database.dbname", args[2]).build());
    }

    public static void main(String[] args) throws Exception {
        FreshSlotSaidCheck check = new FreshSlotSaidCheck(args);
        check.ask("CREATE TABLE checked (id serial PRIMARY KEY)");
        check.ask("CREATE PUBLICATION checked FOR TABLE checked");
        check.check("nothing was in it", false, List.of(), HEARTBEAT, Life.WHOLE);
        check.check("a change was in it", true, List.of(CHANGE), HEARTBEAT, Life.WHOLE);
        check.check("the task ended behind the drop", true, List.of(CHANGE), HEARTBEAT, Life.DROPPED, Life.WHOLE);
        check.check("the task ended before the message", true, List.of(CHANGE), HEARTBEAT, Life.MADE, Life.WHOLE);
        check.check("the task ended twice", true, List.of(CHANGE), HEARTBEAT, Life.DROPPED, Life.MADE, Life.WHOLE);
        check.check("the task ended amid the snapshot", true, List.of(CHANGE), HEARTBEAT, Life.WHOLE, Life.WHOLE);
        check.check("the task ended amid the snapshot, and tables were written to", true, List.of(CHANGE), CHANGE, Life.WHOLE, Life.WHOLE);
        check.ask(NO_SLOTS);
        check.ask("DROP PUBLICATION checked");
        check.ask("DROP TABLE checked");
    }

    /** Where a task ends: after it has dropped the slot, after the new slot is made, or after its whole start. */
    private enum Life { DROPPED, MADE, WHOLE }

    /** @param between a statement that runs after each of these tasks */
    private void check(String what, boolean said, List<String> held, String between, Life... lives) throws Exception {
        ask(NO_SLOTS);
        ask(NEW_SLOT);
        for (String statement : held) {
            ask(statement);
        }
        List<String> read = ask(READ);
        for (Life life : lives) {
            // Each task runs in a thread of its own, so that nothing is left of what it knew.
            Throwable[] failed = new Throwable[1];
            Thread thread = new Thread(() -> live(life));
            thread.setUncaughtExceptionHandler((ended, error) -> failed[0] = error);
            thread.start();
            thread.join();
            if (failed[0] != null) {
                throw new AssertionError(what, failed[0]);
            }
            ask(between);
        }
        List<String> all = new ArrayList<>(ask(SAID));
        all.removeIf(String::isEmpty);
        if (!all.equals(said ? read : List.of())) {
            throw new AssertionError(what + ": from " + read + " on nothing is told, and said is " + all);
        }
        if (!ask(SLOTS).equals(List.of("checked"))) {
            throw new AssertionError(what + ": the slots left are " + ask(SLOTS));
        }
    }

    private void live(Life life) {
        try (PostgresConnection database = new PostgresConnection(config.getJdbcConfig(), "check")) {
            SlotState slot = database.getReplicationSlotState(config.slotName(), "pgoutput");
            if (FreshSlot.insteadOf(slot, begun(), config) != null) {
                throw new AssertionError("it goes on with the slot that is there");
            }
            if (life == Life.DROPPED) {
                return;
            }
            ask(NEW_SLOT);
            if (life == Life.WHOLE) {
                FreshSlot.made(config);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** A task without an offset. */
    private static SourceTaskContext begun() {
        OffsetStorageReader none = of(OffsetStorageReader.class, (proxy, method, args) -> null);
        return of(SourceTaskContext.class, (proxy, method, args) -> method.getName().equals("configs") ? Map.of() : none);
    }

    private static <T> T of(Class<T> type, InvocationHandler answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, answers));
    }

    /** The first column of each row. */
    private List<String> ask(String sql) throws SQLException {
        try (PostgresConnection database = new PostgresConnection(config.getJdbcConfig(), "check");
                Statement statement = database.connection().createStatement()) {
            List<String> column = new ArrayList<>();
            if (statement.execute(sql)) {
                for (ResultSet rows = statement.getResultSet(); rows.next();) {
                    column.add(rows.getString(1));
                }
            }
            return column;
        }
    }
}
