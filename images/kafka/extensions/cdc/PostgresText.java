package cdc;

import io.debezium.connector.postgresql.PostgresType;
import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.relational.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import org.postgresql.util.PGobject;

/**
 * A value as Postgres prints it, and as JSON. Debezium 3.7 reads some types into Java objects that cannot hold all of their values, and does not read
 * others at all. `build/AskForText.java` makes it call this class before it reads a value.
 *
 * <p>It is an object of the driver's, so a snapshot in chunks can pass it on as a parameter, as it does with keys.
 */
public final class PostgresText extends PGobject {
    private static final long serialVersionUID = 1;
    /**
     * OIDs of types that Debezium reads without a loss: bool, bytea, int8, int2, int4, text, oid, json, point, float4, float8, money, bpchar,
     * varchar, timestamptz, numeric, uuid, jsonb.
     */
    private static final Set<Integer> WHOLE = Set.of(
            16, 17, 20, 21, 23, 25, 26, 114, 600, 700, 701, 790, 1042, 1043, 1184, 1700, 2950, 3802);

    /** Whether any connector of this worker has the converter. Without it, no other code could convert these values. */
    private static volatile boolean wanted;

    private final transient PostgresType of;

    private PostgresText(PostgresType of, String text) throws SQLException {
        this.of = of;
        setType(of.getName());
        setValue(text);
    }

    static void want() {
        wanted = true;
    }

    /** True for the types that Debezium itself reads. */
    static boolean isRead(int oid) {
        return WHOLE.contains(oid);
    }

    /** The value in a change; null when Debezium is to read it. */
    public static Object of(PostgresType type, String text) throws SQLException {
        PostgresType root = type.getRootType();
        return !wanted || text == null || isRead(root.getOid()) ? null : new PostgresText(root, text);
    }

    /** The value in a snapshot's row; null when Debezium is to read it. */
    public static Object of(TypeRegistry types, Column column, ResultSet row, int at) throws SQLException {
        if (!wanted) {
            return null;
        }
        PostgresType root = types.get(column.nativeType()).getRootType();
        return isRead(root.getOid()) ? null : of(root, row.getString(at));
    }

    /** The value's JSON. */
    String json() {
        return PostgresJson.of(of, getValue());
    }
}
