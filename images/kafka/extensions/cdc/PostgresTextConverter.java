package cdc;

import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.util.Properties;
import org.apache.kafka.connect.data.SchemaBuilder;

/** Debezium's converter for the columns whose values are a {@link PostgresText}: strings that hold JSON. */
public final class PostgresTextConverter implements CustomConverter<SchemaBuilder, RelationalColumn> {
    /** The schema's name: {@link JsonWriter} writes such a string as it is. */
    static final String SCHEMA = "cdc.Json";
    private static final String UNCHANGED = "\"__debezium_unavailable_value\"";

    @Override
    public void configure(Properties properties) {
        PostgresText.want();
    }

    @Override
    public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
        if (PostgresText.isRead(column.nativeType())) {
            return;
        }
        SchemaBuilder schema = SchemaBuilder.string().name(SCHEMA);
        if (!column.isOptional()) {
            // An old row may be the key alone, and the others are null in it.
            schema.optional();
        }
        registration.register(schema, PostgresTextConverter::json);
    }

    /** Null is also what a column's default becomes: it does not stand in any record. */
    private static Object json(Object value) {
        if (value instanceof PostgresText text) {
            return text.json();
        }
        return UnchangedToastedReplicationMessageColumn.isUnchangedToastedValue(value) ? UNCHANGED : null;
    }
}
