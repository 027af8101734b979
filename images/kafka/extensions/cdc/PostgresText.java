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

    private final transient PrintedTypes types;
    private final transient PostgresType of;

    private PostgresText(PrintedTypes types, PostgresType of, String text) throws SQLException {
        this.types = types;
        this.of = of;
        setType(of.getName());
        setValue(text);
    }

    /** True for the types that Debezium itself reads. */
    static boolean isRead(int oid) {
        return WHOLE.contains(oid);
    }

    /** The value in a change; null when Debezium is to read it, as it is for a connector without {@link PostgresTextConverter}. */
    public static Object of(TypeRegistry types, PostgresType type, String text) throws SQLException {
        PostgresType root = type.getRootType();
        return text == null || isRead(root.getOid()) || !(types instanceof PrintedTypes printed) ? null : printed(printed, root, text);
    }

    /** The value in a snapshot's row; null when Debezium is to read it. */
    public static Object of(TypeRegistry types, Column column, ResultSet row, int at) throws SQLException {
        if (!(types instanceof PrintedTypes printed)) {
            return null;
        }
        PostgresType root = types.get(column.nativeType()).getRootType();
        String text = isRead(root.getOid()) ? null : row.getString(at);
        return text == null ? null : printed(printed, root, text);
    }

    private static PostgresText printed(PrintedTypes types, PostgresType root, String text) throws SQLException {
        if (root.isArrayType()) {
            types.learn(root);
        }
        return new PostgresText(types, root, text);
    }

    /** The value's JSON. */
    String json() {
        return new PostgresJson(types).of(of, getValue());
    }
}
