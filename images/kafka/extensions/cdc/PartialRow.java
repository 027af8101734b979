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
 * A row that knows which of its columns the log does not have: large values that an UPDATE did not change, and all columns but the key of an old row
 * that has only the key. {@link StructWriter} leaves them out. The row also knows which columns are NULL though its schema does not allow it.
 * Debezium reads from the present catalogue whether a column takes NULL, and the row may be from before a {@code SET NOT NULL}. For all other code,
 * it is the struct that Debezium would have made, with Debezium's placeholders. `build/KeepUntold.java` makes Debezium use it.
 */
public final class PartialRow extends Struct {
    /** Columns that the log does not have, by their places; null while there are none. */
    private BitSet untold;
    /** Columns that are NULL and have a placeholder, by their places; null while there are none. */
    private BitSet nulls;

    public PartialRow(Schema schema) {
        super(schema);
    }

    /** Converts a column of a row. Debezium calls it instead of {@code converter.convert(value)}. */
    public static Object convert(ValueConverter converter, Object value) {
        if (value == null) {
            return Placeholder.ofNull(converter);
        }
        return isUntold(value) ? Placeholder.ofUntold(converter, value) : converter.convert(value);
    }

    /**
     * Converts a column of a record's key.
     *
     * @throws ConnectException the log does not have the value; Debezium would make a key that no row has
     */
    public static Object convertKey(ValueConverter converter, Object value, TableId table) {
        if (isUntold(value)) {
            throw new ConnectException(("The log has the columns of %s's REPLICA IDENTITY alone of the row before an UPDATE or DELETE, and the"
                    + " record's key has another: ALTER TABLE %s REPLICA IDENTITY FULL, or name the identity's columns in message.key.columns,"
                    + " for what is written from then on").formatted(table, table.toDoubleQuotedString()));
        }
        return converter.convert(value);
    }

    /** Whether the value is a mark. Marks are plain objects, and no value that Debezium reads is one. */
    private static boolean isUntold(Object value) {
        return value != null && value.getClass() == Object.class
                && (value == OldRow.UNTOLD || UnchangedToastedReplicationMessageColumn.isUnchangedToastedValue(value));
    }

    @Override
    public Struct put(Field field, Object value) {
        boolean isPlaceholder = value instanceof Placeholder;
        boolean isNull = isPlaceholder && ((Placeholder) value).isNull;
        untold = marked(untold, field, isPlaceholder && !isNull);
        nulls = marked(nulls, field, isNull && !field.schema().isOptional());
        if (!isPlaceholder) {
            return super.put(field, value);
        }
        Object instead = ((Placeholder) value).value;
        return instead == null ? this : super.put(field, instead);
    }

    private static BitSet marked(BitSet marks, Field field, boolean isMarked) {
        if (marks == null && !isMarked) {
            return null;
        }
        BitSet set = marks == null ? new BitSet() : marks;
        set.set(field.index(), isMarked);
        return set;
    }

    /** For some types, Debezium has no placeholder, even if the schema requires a value. So columns that the log does not have are not validated. */
    @Override
    public void validate() {
        if (!isPartial()) {
            super.validate();
            return;
        }
        for (Field field : schema().fields()) {
            if (tells(field) && !isNull(field)) {
                ConnectSchema.validateValue(field.name(), field.schema(), get(field));
            }
        }
    }

    /** Whether there is a column for which the struct's value must not be written. */
    boolean isPartial() {
        return isUntoldInPart() || nulls != null && !nulls.isEmpty();
    }

    /** Whether there is a column that the log does not have. */
    boolean isUntoldInPart() {
        return untold != null && !untold.isEmpty();
    }

    boolean tells(Field field) {
        return untold == null || !untold.get(field.index());
    }

    /** Whether the column is NULL, whatever its placeholder is. */
    boolean isNull(Field field) {
        return nulls != null && nulls.get(field.index());
    }

    /** Debezium's placeholder for a value. */
    private record Placeholder(Object value, boolean isNull) {
        private static final Placeholder NULL = new Placeholder(null, true);

        static Placeholder ofNull(ValueConverter converter) {
            Object value = converter.convert(null);
            return value == null ? NULL : new Placeholder(value, true);
        }

        static Placeholder ofUntold(ValueConverter converter, Object mark) {
            try {
                return new Placeholder(converter.convert(mark == OldRow.UNTOLD ? null : mark), false);
            } catch (RuntimeException none) {
                // For some types, the converter has no placeholder. Debezium then makes null of them.
                return new Placeholder(null, false);
            }
        }
    }
}
