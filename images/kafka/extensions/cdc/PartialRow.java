package cdc;

import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.relational.TableId;
import io.debezium.relational.ValueConverter;
import java.util.BitSet;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * A row that knows which of its columns the log does not tell: large values that an UPDATE did not touch, and all but the
 * key of an old row that is the key alone. {@link StructWriter} leaves them out. To everybody else it is the struct that
 * Debezium would have made, with Debezium's placeholders. Debezium is made to use it (`build/KeepUntold.java`).
 */
public final class PartialRow extends Struct {
    /** By the fields' places; null as long as all are told. */
    private BitSet untold;

    public PartialRow(Schema schema) {
        super(schema);
    }

    /** In the place of {@code converter.convert(value)} for a column of a row. */
    public static Object convert(ValueConverter converter, Object value) {
        return isUntold(value) ? Untold.of(converter, value) : converter.convert(value);
    }

    /**
     * The same for a column of a record's key.
     *
     * @throws ConnectException the log does not tell it; Debezium would make a key that no row has
     */
    public static Object convertKey(ValueConverter converter, Object value, TableId table) {
        if (isUntold(value)) {
            throw new ConnectException(("The log has the columns of %s's REPLICA IDENTITY alone of the row before an UPDATE or DELETE, and the"
                    + " record's key has another: ALTER TABLE %s REPLICA IDENTITY FULL, or name the identity's columns in message.key.columns,"
                    + " for what is written from then on").formatted(table, table.toDoubleQuotedString()));
        }
        return converter.convert(value);
    }

    /** No value that Debezium reads is a plain object. */
    private static boolean isUntold(Object value) {
        return value != null && value.getClass() == Object.class
                && (value == OldRow.UNTOLD || UnchangedToastedReplicationMessageColumn.isUnchangedToastedValue(value));
    }

    @Override
    public Struct put(Field field, Object value) {
        if (value instanceof Untold instead) {
            if (untold == null) {
                untold = new BitSet();
            }
            untold.set(field.index());
            return instead.value == null ? this : super.put(field, instead.value);
        }
        if (untold != null) {
            untold.clear(field.index());
        }
        return super.put(field, value);
    }

    /** Debezium has no placeholder for some types, also where a value must be. */
    @Override
    public void validate() {
        if (!isPartial()) {
            super.validate();
            return;
        }
        for (Field field : schema().fields()) {
            if (tells(field)) {
                ConnectSchema.validateValue(field.name(), field.schema(), get(field));
            }
        }
    }

    /** True when there is a column that the log does not tell. */
    boolean isPartial() {
        return untold != null && !untold.isEmpty();
    }

    boolean tells(Field field) {
        return untold == null || !untold.get(field.index());
    }

    /** What Debezium has in a value's place. */
    private record Untold(Object value) {
        static Untold of(ValueConverter converter, Object mark) {
            try {
                return new Untold(converter.convert(mark == OldRow.UNTOLD ? null : mark));
            } catch (RuntimeException none) {
                // It has none for some types, of which it then makes null.
                return new Untold(null);
            }
        }
    }
}
