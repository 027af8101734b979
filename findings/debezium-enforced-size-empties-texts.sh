#!/usr/bin/env bash
# Package:  io.debezium:debezium-connect-plugins 3.7.0.Final (Maven): EnforceRecordSize, which shortens large columns.
# Input:    records above max.bytes=100000: a text of letters of one byte, one of three-byte letters, a JSON document, a
#           numeric column beside a large text.
# Guess:    the record gets a little smaller than the limit; what must not be shortened, such as JSON, stays whole.
# Found:    bytes too many are taken away as characters: of 90,000 three-byte letters, a third of which would fit, none is left.
#           A JSON document is cut in the middle and is no JSON any more. Nothing in the record says that it was cut. With a
#           numeric column in the row (decimal.handling.mode precise, the default) the transform throws ClassCastException,
#           so the one record it was put there for is the one that fails the task.
# Needs Java 17 or newer and Maven. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>look</groupId><artifactId>look</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.debezium</groupId><artifactId>debezium-connect-plugins</artifactId><version>3.7.0.Final</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-clients</artifactId><version>3.9.2</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-api</artifactId><version>3.9.2</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-json</artifactId><version>3.9.2</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-transforms</artifactId><version>3.9.2</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > Look.java <<'JAVA'
import io.debezium.data.Json;
import io.debezium.transforms.EnforceRecordSize;
import java.math.BigDecimal;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;

public class Look {
    private static final int LIMIT = 100_000;
    private static final Schema ROW = SchemaBuilder.struct().name("s.public.t.Value").field("id", Schema.INT32_SCHEMA)
            .field("body", Schema.OPTIONAL_STRING_SCHEMA).field("document", Json.builder().optional().build())
            .field("price", Decimal.builder(2).optional().build()).optional().build();
    private static final Schema ENVELOPE = SchemaBuilder.struct().name("s.public.t.Envelope").field("before", ROW)
            .field("after", ROW).field("op", Schema.STRING_SCHEMA).build();

    public static void main(String[] args) {
        String document = "{\"l\":[" + "1,".repeat(60_000) + "1]}";
        show("letters of one byte", row().put("body", "x".repeat(200_000)));
        show("letters of three bytes", row().put("body", "\u4e2d".repeat(90_000)));
        show("a JSON document", row().put("document", document));
        show("a price beside the large text", row().put("body", "x".repeat(200_000)).put("price", new BigDecimal("9.99")));
    }

    private static Struct row() {
        return new Struct(ROW).put("id", 1);
    }

    private static void show(String what, Struct after) {
        EnforceRecordSize<SourceRecord> transform = new EnforceRecordSize<>();
        transform.configure(Map.of("max.bytes", String.valueOf(LIMIT)));
        Struct value = new Struct(ENVELOPE).put("op", "c").put("after", after);
        String outcome;
        try (JsonConverter json = new JsonConverter()) {
            json.configure(Map.of("schemas.enable", "false"), false);
            SourceRecord out = transform.apply(new SourceRecord(Map.of(), Map.of(), "s.public.t", 0, null, null, ENVELOPE, value));
            byte[] bytes = json.fromConnectData("t", out.valueSchema(), out.value());
            Struct row = ((Struct) out.value()).getStruct("after");
            String document = row.getString("document");
            outcome = bytes.length + " bytes"
                    + (document == null ? "" : ", document of " + document.length() + " ends with " + document.substring(document.length() - 3));
        } catch (RuntimeException error) {
            outcome = error.getClass().getSimpleName();
        }
        System.out.println(what + ": " + outcome);
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: records above the limit are treated otherwise than they were"; exit 1; }
letters of one byte: 99757 bytes
letters of three bytes: 80 bytes
a JSON document: 99759 bytes, document of 99677 ends with 1,1
a price beside the large text: ClassCastException
SEEN
echo "as described"
