package cdc;

import io.debezium.DebeziumException;
import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresType;
import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.jdbc.JdbcConfiguration;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The types of a database for a task whose connector has {@link PostgresTextConverter}: its values are read as Postgres prints them. Connectors
 * without that converter may run in the same worker. Each task has types of its own, so they tell which of the two a value is read for.
 * `build/AskForText.java` makes a task get its types here.
 */
public final class PrintedTypes extends TypeRegistry {
    private static final String USAGE = PostgresConnection.CONNECTION_GENERAL;

    private final JdbcConfiguration database;
    /** What is between an array's elements, by the OID of the elements' type. */
    private final Map<Integer, Character> delimiters = new ConcurrentHashMap<>();

    private PrintedTypes(JdbcConfiguration database, PostgresConnection connection, Set<String> schemas) {
        super(connection, schemas);
        this.database = database;
    }

    /** A task's types: these when its connector has the converter, else Debezium's own. */
    public static TypeRegistry of(JdbcConfiguration database, Set<String> schemas, Configuration config) {
        if (!isWanted(config)) {
            return PostgresConnection.createTypeRegistry(database, schemas);
        }
        try (PostgresConnection connection = new PostgresConnection(database, USAGE)) {
            return new PrintedTypes(database, connection, schemas);
        } catch (DebeziumException failure) {
            throw new DebeziumException("Failed to create TypeRegistry", failure);
        }
    }

    private static boolean isWanted(Configuration config) {
        return Arrays.stream(config.getString("converters", "").split(","))
                .anyMatch(name -> PostgresTextConverter.class.getName().equals(config.getString(name.trim() + ".type")));
    }

    /** Asks for what is between the elements of an array, before {@link #delimiter} is called. The arrays may be below domains. */
    void learn(PostgresType type) throws SQLException {
        for (PostgresType at = type.getRootType(); at.isArrayType(); at = at.getElementType().getRootType()) {
            int element = at.getElementType().getOid();
            if (!delimiters.containsKey(element)) {
                delimiters.put(element, asked(element));
            }
        }
    }

    /** A comma for nearly all types; a semicolon for boxes, and a colon for PostGIS. */
    char delimiter(PostgresType element) {
        return delimiters.get(element.getOid());
    }

    private char asked(int type) throws SQLException {
        try (PostgresConnection connection = new PostgresConnection(database, USAGE);
                PreparedStatement ask = connection.connection().prepareStatement("SELECT typdelim FROM pg_catalog.pg_type WHERE oid = ?")) {
            ask.setLong(1, Integer.toUnsignedLong(type));
            try (ResultSet answer = ask.executeQuery()) {
                // A type that was dropped meanwhile.
                return answer.next() ? answer.getString(1).charAt(0) : ',';
            }
        }
    }
}
