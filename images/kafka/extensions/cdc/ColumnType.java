package cdc;

import io.debezium.connector.postgresql.PostgresType;
import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.relational.Column;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A column's type by its OID. Debezium 3.7 looks types up by their names, and a user's type may have the name of another type, also of a built-in
 * one: {@code create type public.money as (amount numeric, currency text)}. `build/TypesByOid.java` makes Debezium call this class.
 */
public final class ColumnType {
    private static final String OID = """
            SELECT a.atttypid FROM pg_catalog.pg_attribute a
              JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND c.relname = ? AND a.attname = ?""";
    /** Places in the driver's rows that describe columns. */
    private static final int SCHEMA = 2;
    private static final int TABLE = 3;
    private static final int COLUMN = 4;

    private ColumnType() {
    }

    /** The type of a column in a change. Postgres sent the OID when it described the table. */
    public static PostgresType of(TypeRegistry types, String schema, String name, Column column) {
        PostgresType named = types.get(schema, name);
        int oid = column.nativeType();
        return named.getRootType().getOid() == oid ? named : types.get(oid);
    }

    /**
     * The type of a column that the driver describes by its type's name only.
     *
     * @throws SQLException the catalogue cannot be queried
     */
    public static PostgresType of(
            TypeRegistry types, String schema, String name, ResultSet described, PostgresConnection database) throws SQLException {
        PostgresType named = types.get(schema, name);
        return isOnlyOne(types, named) ? named : types.get(oid(described, database));
    }

    private static boolean isOnlyOne(TypeRegistry types, PostgresType type) {
        return types.getRegisteredTypes().values().stream()
                .allMatch(each -> each.getOid() == type.getOid() || !each.getName().equals(type.getName()));
    }

    private static int oid(ResultSet described, PostgresConnection database) throws SQLException {
        try (PreparedStatement ask = database.connection().prepareStatement(OID)) {
            ask.setString(1, described.getString(SCHEMA));
            ask.setString(2, described.getString(TABLE));
            ask.setString(3, described.getString(COLUMN));
            try (ResultSet answer = ask.executeQuery()) {
                answer.next();
                return answer.getInt(1);
            }
        }
    }
}
