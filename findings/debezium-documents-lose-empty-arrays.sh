#!/usr/bin/env bash
# Package:  io.debezium:debezium-connector-mongodb 3.6.1.Final (Maven): ExtractNewDocumentState, which makes a record's fields of a document.
# Input:    documents with arrays of arrays, some of which are empty, as of the rows of a matrix; and an update as capture.mode=change_streams has it,
#           which sets one field, removes another one and shortens an array.
# Guess:    an inner array that is empty stays at its place, as an empty array that stands alone does; or the document is refused, as one is whose
#           inner arrays are all empty. A removed field is null in the record, or the update is refused.
# Found:    an empty inner array vanishes: of [[1, 2], [], [3]] there is [[1, 2], [3]], so that each later one stands under another one's number. It
#           does so for documents in the inner arrays, and for such arrays inside of documents. The update has the field that is set, and neither
#           the removed one nor the shortened array: a sink that writes by key keeps both as they were. Nothing is refused, nothing is in the log.
# Way out:  matrices as documents or as text; capture.mode=change_streams_update_full, or add.fields=updateDescription.removedFields and
#           updateDescription.truncatedArrays, of which the reader takes them.
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
    <dependency><groupId>io.debezium</groupId><artifactId>debezium-connector-mongodb</artifactId><version>3.6.1.Final</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-api</artifactId><version>3.9.2</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-json</artifactId><version>3.9.2</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-transforms</artifactId><version>3.9.2</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > Look.java <<'JAVA'
import io.debezium.connector.mongodb.transforms.ExtractNewDocumentState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;

public class Look {
    private static final Schema JSON = SchemaBuilder.string().name("io.debezium.data.Json").optional().build();
    private static final Schema SHORTENED = SchemaBuilder.struct().name("io.debezium.connector.mongodb.changestream.truncatedarray").optional()
            .field("field", Schema.STRING_SCHEMA).field("size", Schema.INT32_SCHEMA).build();
    private static final Schema CHANGE = SchemaBuilder.struct().name("io.debezium.connector.mongodb.changestream.updatedescription").optional()
            .field("removedFields", SchemaBuilder.array(Schema.STRING_SCHEMA).optional().build()).field("updatedFields", JSON)
            .field("truncatedArrays", SchemaBuilder.array(SHORTENED).optional().build()).build();
    private static final Schema SOURCE = SchemaBuilder.struct().name("io.debezium.connector.mongo.Source")
            .field("db", Schema.STRING_SCHEMA).field("collection", Schema.STRING_SCHEMA).build();
    private static final Schema EVENT = SchemaBuilder.struct().name("s.d.c.Envelope").field("before", JSON).field("after", JSON)
            .field("updateDescription", CHANGE).field("source", SOURCE).field("op", Schema.OPTIONAL_STRING_SCHEMA).build();
    private static final Schema KEY = SchemaBuilder.struct().name("s.d.c.Key").field("id", Schema.STRING_SCHEMA).build();

    public static void main(String[] args) {
        for (String value : List.of("[]", "[[1, 2], [3]]", "[[1, 2], [], [3]]", "[[], [1]]", "[[1], []]", "[[], []]", "[[{\"a\": 1}], [], [{\"a\": 2}]]",
                "{\"rows\": [[], [1]]}", "[{\"rows\": [[], [1]]}]")) {
            show(value, "c", new Struct(EVENT).put("after", "{\"_id\": 1, \"x\": " + value + "}"), Map.of());
        }
        Struct change = new Struct(CHANGE).put("updatedFields", "{\"set\": 5}").put("removedFields", List.of("removed"))
                .put("truncatedArrays", List.of(new Struct(SHORTENED).put("field", "x").put("size", 1)));
        show("an update", "u", new Struct(EVENT).put("updateDescription", change), Map.of());
        show("an update, with more fields", "u", new Struct(EVENT).put("updateDescription", change),
                Map.of("add.fields", "updateDescription.removedFields,updateDescription.truncatedArrays"));
    }

    private static void show(String what, String operation, Struct event, Map<String, String> settings) {
        ExtractNewDocumentState<SourceRecord> transform = new ExtractNewDocumentState<>();
        transform.configure(settings);
        event.put("op", operation).put("source", new Struct(SOURCE).put("db", "d").put("collection", "c"));
        try {
            SourceRecord out = transform.apply(new SourceRecord(Map.of(), Map.of(), "s.d.c", 0, KEY, new Struct(KEY).put("id", "1"), EVENT, event));
            JsonConverter json = new JsonConverter();
            json.configure(Map.of("schemas.enable", "false"), false);
            System.out.println(what + ": " + new String(json.fromConnectData(out.topic(), out.valueSchema(), out.value()), StandardCharsets.UTF_8));
        } catch (RuntimeException refused) {
            System.out.println(what + ": refused");
        }
    }
}
JAVA
java -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
grep -E " (WARN|ERROR) " err.txt | tee -a seen || echo "no warning" | tee -a seen
diff seen - <<'SEEN' || { echo "changed: documents come into the records otherwise than they did"; exit 1; }
[]: {"_id":1,"x":[]}
[[1, 2], [3]]: {"_id":1,"x":[[1,2],[3]]}
[[1, 2], [], [3]]: {"_id":1,"x":[[1,2],[3]]}
[[], [1]]: {"_id":1,"x":[[1]]}
[[1], []]: {"_id":1,"x":[[1]]}
[[], []]: refused
[[{"a": 1}], [], [{"a": 2}]]: {"_id":1,"x":[[{"a":1}],[{"a":2}]]}
{"rows": [[], [1]]}: {"_id":1,"x":{"rows":[[1]]}}
[{"rows": [[], [1]]}]: {"_id":1,"x":[{"rows":[[1]]}]}
an update: {"set":5,"_id":1}
an update, with more fields: {"set":5,"_id":1,"__updateDescription_removedFields":["removed"],"__updateDescription_truncatedArrays":[{"field":"x","size":1}]}
no warning
SEEN
echo "as described"
