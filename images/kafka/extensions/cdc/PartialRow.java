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
 * key of an old row that is the key alone. {@link StructWriter} leaves them out. It knows as well which columns are NULL
 * where none may be: Debezium reads from today's catalogue whether a column takes NULL, and the row may be from before a
 * {@code SET NOT NULL}. To everybody else it is the struct that Debezium would have made, with Debezium's placeholders.
 * Debezium is made to use it (`build/KeepUntold.java`).
 */
public final class PartialRow extends Struct {
    /** By the fields' places; null as long as all are told. */
    private BitSet untold;
    /** Those that are NULL and have a placeholder, in the same way. */
    private BitSet nulls;

    public PartialRow(Schema schema) {
        super(schema);
    }

    /** In the place of {@code converter.convert(value)} for a column of a row. */
    public static Object convert(ValueConverter converter, Object value) {
        if (value == null) {
            return Placeholder.ofNull(converter);
        }
        return isUntold(value) ? Placeholder.ofUntold(converter, value) : converter.convert(value);
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

    /** Debezium has no placeholder for some types, also where a value must be. */
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

    /** True when there is a column that is not to be written as the struct has it. */
    boolean isPartial() {
        return isUntoldInPart() || nulls != null && !nulls.isEmpty();
    }

    /** True when there is a column that the log does not tell. */
    boolean isUntoldInPart() {
        return untold != null && !untold.isEmpty();
    }

    boolean tells(Field field) {
        return untold == null || !untold.get(field.index());
    }

    /** True when it is NULL, whatever stands in its place. */
    boolean isNull(Field field) {
        return nulls != null && nulls.get(field.index());
    }

    /** What Debezium has in a value's place. */
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
                // It has none for some types, of which it then makes null.
                return new Placeholder(null, false);
            }
        }
    }
}
