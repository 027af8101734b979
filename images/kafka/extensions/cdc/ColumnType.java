package cdc;

import io.debezium.connector.postgresql.PostgresType;
import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.relational.Column;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A column's type by its OID. Debezium 3.7 asks by name, and a type of one's own may have the name of another, also of a
 * built-in one: {@code create type public.money as (amount numeric, currency text)}. `build/TypesByOid.java` makes it ask here.
 */
public final class ColumnType {
    private static final String OID = """
            SELECT a.atttypid FROM pg_catalog.pg_attribute a
              JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND c.relname = ? AND a.attname = ?""";
    /** In the driver's rows about columns. */
    private static final int SCHEMA = 2;
    private static final int TABLE = 3;
    private static final int COLUMN = 4;

    private ColumnType() {
    }

    /** Of a column of a change: Postgres sent the OID when it described the table. */
    public static PostgresType of(TypeRegistry types, String schema, String name, Column column) {
        PostgresType named = types.get(schema, name);
        int oid = column.nativeType();
        return named.getRootType().getOid() == oid ? named : types.get(oid);
    }

    /**
     * Of a column that the driver describes, by name alone.
     *
     * @throws SQLException the catalogue cannot be asked
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
