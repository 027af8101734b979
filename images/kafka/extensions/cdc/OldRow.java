package cdc;

import io.debezium.connector.postgresql.PostgresStreamingChangeEventSource.PgConnectionSupplier;
import io.debezium.connector.postgresql.PostgresType;
import io.debezium.connector.postgresql.connection.ReplicationMessage.Column;
import io.debezium.connector.postgresql.connection.ReplicationMessage.ColumnTypeMetadata;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The row before an UPDATE or DELETE as the log has it. Unless the table's REPLICA IDENTITY is FULL, the log has only the key, and Postgres sends
 * NULL for all other columns. `build/KeepUntold.java` makes Debezium's decoder call this class.
 */
public final class OldRow {
    /** Stands for a value that the log does not have. It is a plain object, as Debezium's own marks are. */
    static final Object UNTOLD = new Object();
    /** The byte before an old row that has only the key: TupleData in "Logical Replication Message Formats". */
    private static final byte KEY = 'K';

    private OldRow() {
    }

    /** Whether the row that begins here has only the key. */
    public static boolean isKey(ByteBuffer atRow) {
        return atRow.get(atRow.position() - 1) == KEY;
    }

    /** The columns of a row. With {@code isKey}, each NULL becomes a mark, because no column of a key can be NULL. */
    public static List<Column> of(List<Column> columns, boolean isKey) {
        if (isKey) {
            columns.replaceAll(OfKey::new);
        }
        return columns;
    }

    private record OfKey(Column column) implements Column {
        @Override
        public Object getValue(PgConnectionSupplier connection, boolean includeUnknownDatatypes) {
            Object value = column.getValue(connection, includeUnknownDatatypes);
            return value == null ? UNTOLD : value;
        }

        @Override
        public String getName() {
            return column.getName();
        }

        @Override
        public PostgresType getType() {
            return column.getType();
        }

        @Override
        public ColumnTypeMetadata getTypeMetadata() {
            return column.getTypeMetadata();
        }

        @Override
        public boolean isOptional() {
            return column.isOptional();
        }

        @Override
        public boolean isToastedColumn() {
            return column.isToastedColumn();
        }
    }
}
