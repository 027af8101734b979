#!/usr/bin/env bash
# Package:  io.debezium:debezium-connect-plugins 3.7.0.Final (Maven): the outbox EventRouter with table.expand.json.payload.
# Input:    rows of an outbox whose payload is a JSON object with null, empty arrays, mixed numbers, or a blank in front.
# Guess:    an object comes out as the same object; what cannot be expanded stays text for the whole table, or is refused.
# Found:    members that are null or an empty array are left out, {"l":[]} and {"a":null} become {}: a reader cannot tell
#           "empty" from "not said". Whether a payload becomes an object or stays a string is decided row by row: [1,2] is
#           expanded and [1,2.5] is not, [1,3000000000] neither, and a blank in front, which a json column keeps, makes it a
#           string. Decimals become doubles; an integer beyond int64 fails the task (DataException).
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
import java.util.Map;
import io.debezium.transforms.outbox.EventRouter;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;

public class Look {
    private static final Schema ROW = SchemaBuilder.struct().name("s.public.outbox.Value")
            .field("id", Schema.STRING_SCHEMA).field("aggregatetype", Schema.STRING_SCHEMA)
            .field("aggregateid", Schema.STRING_SCHEMA).field("type", Schema.STRING_SCHEMA)
            .field("payload", SchemaBuilder.string().name("io.debezium.data.Json").optional().build()).optional().build();
    private static final Schema SOURCE = SchemaBuilder.struct().name("source").field("connector", Schema.STRING_SCHEMA)
            .field("db", Schema.STRING_SCHEMA).field("table", Schema.STRING_SCHEMA)
            .field("version", Schema.STRING_SCHEMA).field("ts_ms", Schema.INT64_SCHEMA).build();
    private static final Schema ENVELOPE = SchemaBuilder.struct().name("s.public.outbox.Envelope").field("before", ROW)
            .field("after", ROW).field("source", SOURCE).field("op", Schema.STRING_SCHEMA)
            .field("ts_ms", Schema.OPTIONAL_INT64_SCHEMA).build();

    public static void main(String[] args) {
        for (String payload : new String[] { "{\"l\":[]}", "{\"a\":null,\"b\":1}", "{\"a\":[1,2]}", "{\"a\":[1,2.5]}",
                "{\"a\":[1,3000000000]}", "{\"a\":1}", " {\"a\":1}", "{\"a\":12345678901234567890.12}",
                "{\"a\":12345678901234567890}" }) {
            System.out.println(payload + " -> " + routed(payload));
        }
    }

    private static String routed(String payload) {
        EventRouter<SourceRecord> router = new EventRouter<>();
        router.configure(Map.of("table.expand.json.payload", "true"));
        Struct source = new Struct(SOURCE).put("connector", "postgresql").put("db", "d").put("table", "outbox")
                .put("version", "3.7.0.Final").put("ts_ms", 1L);
        Struct row = new Struct(ROW).put("id", "1").put("aggregatetype", "order").put("aggregateid", "7")
                .put("type", "made").put("payload", payload);
        Struct value = new Struct(ENVELOPE).put("after", row).put("source", source).put("op", "c").put("ts_ms", 1L);
        try (JsonConverter json = new JsonConverter()) {
            json.configure(Map.of("schemas.enable", "false"), false);
            SourceRecord out = router.apply(
                    new SourceRecord(Map.of(), Map.of(), "s.public.outbox", 0, null, null, ENVELOPE, value));
            return new String(json.fromConnectData(out.topic(), out.valueSchema(), out.value()));
        } catch (DataException e) {
            return "DataException";
        }
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: the EventRouter expands payloads otherwise than it did"; exit 1; }
{"l":[]} -> {}
{"a":null,"b":1} -> {"b":1}
{"a":[1,2]} -> {"a":[1,2]}
{"a":[1,2.5]} -> "{\"a\":[1,2.5]}"
{"a":[1,3000000000]} -> "{\"a\":[1,3000000000]}"
{"a":1} -> {"a":1}
 {"a":1} -> " {\"a\":1}"
{"a":12345678901234567890.12} -> {"a":1.2345678901234567E19}
{"a":12345678901234567890} -> DataException
SEEN
echo "as described"
