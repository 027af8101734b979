package cdc;

import io.debezium.relational.TableId;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns that are the key of a table's records: those of the primary key, else of the first unique index that no two rows can share.
 * `build/AskForKey.java` makes Debezium take them from here. Debezium itself takes any unique index, also one of only some rows, one that lets NULLs
 * through, and one whose build failed. In a compacted topic, rows that share a key are one row.
 *
 * <p>The capture reads the same from the catalogue (`RECORD_KEY` in components/capture/tables/changed.ts).
 */
public final class RecordKey {
    /** Leaves out deferrable indexes: Postgres checks them when the transaction ends, and until then two rows may have one key. */
    private static final String INDEXES = """
            SELECT a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL (
                SELECT (k.indkey::int2[])[0:k.indnkeyatts - 1] AS places FROM pg_index k JOIN pg_class x ON x.oid = k.indexrelid
                WHERE k.indrelid = c.oid AND k.indisprimary = ? AND k.indisunique AND k.indisvalid AND k.indimmediate
                  AND k.indpred IS NULL AND k.indexprs IS NULL
                  AND NOT EXISTS (SELECT 1 FROM pg_attribute u WHERE u.attrelid = c.oid
                    AND u.attnum = ANY ((k.indkey::int2[])[0:k.indnkeyatts - 1]) AND (u.attgenerated <> ''
                      OR NOT u.attnotnull AND (to_jsonb(k) ->> 'indnullsnotdistinct')::boolean IS NOT TRUE))
                ORDER BY k.indisclustered DESC, x.relname LIMIT 1) f
              CROSS JOIN LATERAL unnest(f.places) WITH ORDINALITY p (attnum, at)
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.attnum
            WHERE n.nspname = ? AND c.relname = ? ORDER BY p.at""";

    private RecordKey() {
    }

    /** Columns of the primary key, instead of those that the driver lists; empty when the table has none, or none that holds at every moment. */
    public static List<String> primary(DatabaseMetaData database, TableId table) throws SQLException {
        return columns(database, table, true);
    }

    /** Columns of the unique index, instead of those that the driver lists; empty when there is none. */
    public static List<String> unique(DatabaseMetaData database, TableId table) throws SQLException {
        return columns(database, table, false);
    }

    private static List<String> columns(DatabaseMetaData database, TableId table, boolean isPrimary) throws SQLException {
        try (PreparedStatement query = database.getConnection().prepareStatement(INDEXES)) {
            query.setBoolean(1, isPrimary);
            query.setString(2, table.schema());
            query.setString(3, table.table());
            List<String> names = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            return names;
        }
    }
}
