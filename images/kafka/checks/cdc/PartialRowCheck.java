package cdc;

import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.relational.TableId;
import io.debezium.relational.ValueConverter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.json.JsonConverter;

/** Checks what is written of rows of which the log lacks columns, and what is not. */
final class PartialRowCheck {
    private static final Object UNTOUCHED = UnchangedToastedReplicationMessageColumn.UNCHANGED_TOAST_VALUE;
    private static final Object UNTOUCHED_DAYS = UnchangedToastedReplicationMessageColumn.UNCHANGED_INT_ARRAY_TOAST_VALUE;
    private static final String PLACEHOLDER = "__debezium_unavailable_value";
    private static final Schema ROW = SchemaBuilder.struct().optional()
            .field("id", Schema.INT32_SCHEMA)
            .field("a \"text\"", Schema.STRING_SCHEMA)
            .field("days", SchemaBuilder.array(Schema.INT32_SCHEMA).build())
            .build();
    private static final Schema ENVELOPE =
            SchemaBuilder.struct().field("before", ROW).field("after", ROW).field("op", Schema.STRING_SCHEMA).build();

    public static void main(String[] args) {
        expect("""
                {"before":null,"after":{"id":1,"a \\"text\\"":"__debezium_unavailable_value","days":[7]},"op":"u"}""",
                ours(null, row(1, PLACEHOLDER, List.of(7))), "a text that somebody wrote");
        expect("""
                {"before":null,"after":{"id":1,"days":[7]},"unchanged":["a \\"text\\""],"op":"u"}""",
                ours(null, row(1, UNTOUCHED, List.of(7))), "a text that was not touched");
        expect("""
                {"before":null,"after":{"id":1},"unchanged":["a \\"text\\"","days"],"op":"u"}""",
                ours(null, row(1, UNTOUCHED, UNTOUCHED_DAYS)), "one for which Debezium has no placeholder");
        expect("""
                {"before":{"id":1},"after":null,"op":"u"}""",
                ours(row(1, OldRow.UNTOLD, OldRow.UNTOLD), null), "an old row that is the key alone");
        expect("""
                {"before":{"days":[7]},"after":{"days":[8]},"unchanged":["id","a \\"text\\""],"op":"u"}""",
                ours(row(OldRow.UNTOLD, OldRow.UNTOLD, List.of(7)), row(OldRow.UNTOLD, OldRow.UNTOLD, List.of(8))),
                "rows without their first column");
        Struct put = row(1, UNTOUCHED, List.of(7));
        put.put("a \"text\"", "found elsewhere");
        expect("""
                {"before":null,"after":{"id":1,"a \\"text\\"":"found elsewhere","days":[7]},"op":"u"}""",
                ours(null, put), "a value that somebody put in afterwards");
        expect("""
                {"before":{"id":1,"a \\"text\\"":"","days":[]},"after":{"id":1,"a \\"text\\"":"__debezium_unavailable_value","days":[7]},"op":"u"}""",
                write(new JsonConverter(), row(1, OldRow.UNTOLD, OldRow.UNTOLD), row(1, UNTOUCHED, List.of(7))),
                "Kafka's own converter, which knows nothing of it");
        expect("""
                {"before":{"id":1,"a \\"text\\"":null,"days":[7]},"after":{"id":null,"a \\"text\\"":null,"days":null},"op":"u"}""",
                ours(row(1, null, List.of(7)), row(null, null, null)), "NULL from before a SET NOT NULL");
        expect("""
                {"before":null,"after":{"id":1,"a \\"text\\"":null},"unchanged":["days"],"op":"u"}""",
                ours(null, row(1, null, UNTOUCHED_DAYS)), "such a NULL beside what was not touched");
        expect("""
                {"before":null,"after":{"id":1,"a \\"text\\"":"","days":[7]},"op":"u"}""",
                write(new JsonConverter(), null, row(1, null, List.of(7))), "such a NULL by Kafka's own converter, as Debezium tells it");
        refuses(OldRow.UNTOLD);
        refuses(UNTOUCHED);
        for (char kind : "KON".toCharArray()) {
            ByteBuffer atRow = ByteBuffer.wrap(new byte[] {0, (byte) kind, 0}).position(2);
            expect(String.valueOf(kind == 'K'), String.valueOf(OldRow.isKey(atRow)), "a row after " + kind);
        }
    }

    private static Struct row(Object id, Object text, Object days) {
        Struct row = new PartialRow(ROW);
        row.put(ROW.field("id"), PartialRow.convert(value -> value == null ? 0 : value, id));
        row.put(ROW.field("a \"text\""), PartialRow.convert(text("", PLACEHOLDER), text));
        row.put(ROW.field("days"), PartialRow.convert(value -> value == null ? List.of() : (List<?>) value, days));
        return row;
    }

    private static ValueConverter text(String none, String untouched) {
        return value -> value == null ? none : value == UNTOUCHED ? untouched : value;
    }

    private static String ours(Struct before, Struct after) {
        return write(new StreamingJsonConverter(), before, after);
    }

    private static String write(JsonConverter converter, Struct before, Struct after) {
        try (converter) {
            converter.configure(Map.of("schemas.enable", false, "converter.type", "value", "replace.null.with.default", false));
            Struct envelope = new Struct(ENVELOPE).put("before", before).put("after", after).put("op", "u");
            return new String(converter.fromConnectData("topic", ENVELOPE, envelope), StandardCharsets.UTF_8);
        }
    }

    private static void refuses(Object part) {
        try {
            PartialRow.convertKey(value -> 0, part, new TableId(null, "public", "Orders"));
        } catch (ConnectException refused) {
            expect("true", String.valueOf(refused.getMessage().contains("ALTER TABLE \"public\".\"Orders\" REPLICA IDENTITY FULL")),
                    "in: " + refused.getMessage());
            return;
        }
        throw new AssertionError("a key was invented");
    }

    private static void expect(String expected, String actual, String of) {
        if (!expected.equals(actual)) {
            throw new AssertionError("%s instead of %s: %s".formatted(actual, expected, of));
        }
    }
}
