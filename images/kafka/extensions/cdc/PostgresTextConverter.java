package cdc;

import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.data.SpecialValueDecimal;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.math.BigDecimal;
import java.util.Properties;
import org.apache.kafka.connect.data.SchemaBuilder;

/** A converter of Debezium for the columns whose values are a {@link PostgresText}. It makes strings that hold JSON. */
public final class PostgresTextConverter implements CustomConverter<SchemaBuilder, RelationalColumn> {
    /** Name of the schema by which {@link JsonWriter} knows a string that is JSON already. */
    static final String SCHEMA = "cdc.Json";
    private static final String UNCHANGED = "\"__debezium_unavailable_value\"";
    private static final int NUMERIC = 1700;
    /**
     * The most digits after the point. For a negative number of them, as in {@code numeric(3,-2)}, the driver reports one above 2000, and Debezium
     * writes as many zeros.
     */
    private static final int MOST_DECIMALS = 1000;

    @Override
    public void configure(Properties properties) {
        // It has no settings. That a connector has it is what PrintedTypes looks for.
    }

    @Override
    public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
        boolean isRounded = column.nativeType() == NUMERIC && column.scale().orElse(0) > MOST_DECIMALS;
        if (PostgresText.isRead(column.nativeType()) && !isRounded) {
            return;
        }
        SchemaBuilder schema = SchemaBuilder.string().name(SCHEMA);
        if (!column.isOptional()) {
            // An old row may have only the key. Its other columns are null.
            schema.optional();
        }
        registration.register(schema, PostgresTextConverter::json);
    }

    /** The value's JSON. It is null for a column's default, which is in no record. */
    private static Object json(Object value) {
        if (value instanceof PostgresText text) {
            return text.json();
        }
        if (value instanceof SpecialValueDecimal || value instanceof BigDecimal) {
            BigDecimal number = value instanceof SpecialValueDecimal special ? special.getDecimalValue().orElse(null) : (BigDecimal) value;
            return PostgresJson.quoted(number == null ? "NAN" : number.toPlainString());
        }
        return UnchangedToastedReplicationMessageColumn.isUnchangedToastedValue(value) ? UNCHANGED : null;
    }
}
