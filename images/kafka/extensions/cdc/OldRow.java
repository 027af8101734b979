package cdc;

import io.debezium.connector.postgresql.PostgresStreamingChangeEventSource.PgConnectionSupplier;
import io.debezium.connector.postgresql.PostgresType;
import io.debezium.connector.postgresql.connection.ReplicationMessage.Column;
import io.debezium.connector.postgresql.connection.ReplicationMessage.ColumnTypeMetadata;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The row before an UPDATE or DELETE as the log has it. Unless the table's REPLICA IDENTITY is FULL it is the key alone,
 * and Postgres sends NULL for all other columns. Debezium's decoder is made to say so (`build/KeepUntold.java`).
 */
public final class OldRow {
    /** In the place of a value that the log does not have. A plain object, as Debezium's own marks are. */
    static final Object UNTOLD = new Object();
    /** Stands before an old row that is the key alone: TupleData in "Logical Replication Message Formats". */
    private static final byte KEY = 'K';

    private OldRow() {
    }

    /** True when the row that begins here is a key. */
    public static boolean isKey(ByteBuffer atRow) {
        return atRow.get(atRow.position() - 1) == KEY;
    }

    /** The columns of a row. No column of a key can be NULL. */
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
