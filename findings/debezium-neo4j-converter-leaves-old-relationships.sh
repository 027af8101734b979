#!/usr/bin/env bash
# Package:  io.debezium:debezium-connect-plugins 3.7.0.Final (Maven): Neo4jCudConverter, which turns changes of tables into what Neo4j's
#           sink is to create, merge and delete in a graph.
# Input:    an order's life as Debezium writes it with REPLICA IDENTITY FULL, so that each update has the whole row before and after;
#           customer_id is mapped to a relationship.
# Guess:    after each update the graph is told what the row holds: NULL as a null property, and of another customer that the old
#           relationship goes. Where one event a record cannot tell of a relationship, the settings are refused.
# Found:    before is not looked at in an update, and NULL is left out. Of a note that was set to NULL nothing is told. Of an order with another
#           customer a second relationship is told, and no end of the first; of one that has no customer any more, nothing. A column with a
#           default that was set to NULL is told with the default. With output.mode=single the relationship is never told at all. A merge
#           takes nothing away (Neo4j's sink itself was not run), so that the graph keeps what was, until the row is deleted.
# Way out:  Neo4j's sink with Cypher of one's own, which deletes the old relationship and sets all properties.
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
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-clients</artifactId><version>4.3.1</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-api</artifactId><version>4.3.1</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-json</artifactId><version>4.3.1</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-transforms</artifactId><version>4.3.1</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > Look.java <<'JAVA'
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.debezium.transforms.Neo4jCudConverter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

public class Look {
    private static final Schema KEY = SchemaBuilder.struct().name("s.public.orders.Key").field("id", Schema.INT64_SCHEMA).build();
    private static final Schema ROW = SchemaBuilder.struct().name("s.public.orders.Value").field("id", Schema.INT64_SCHEMA)
            .field("customer_id", Schema.OPTIONAL_INT32_SCHEMA).field("note", Schema.OPTIONAL_STRING_SCHEMA)
            .field("status", SchemaBuilder.string().optional().defaultValue("new").build()).optional().build();
    private static final Schema SOURCE = SchemaBuilder.struct().name("source").field("table", Schema.STRING_SCHEMA).build();
    private static final Schema ENVELOPE = SchemaBuilder.struct().name("s.public.orders.Envelope").field("before", ROW)
            .field("after", ROW).field("source", SOURCE).field("op", Schema.STRING_SCHEMA)
            .field("ts_ms", Schema.OPTIONAL_INT64_SCHEMA).build();

    public static void main(String[] args) throws Exception {
        for (String mode : List.of("array", "single")) {
            Neo4jCudConverter<SourceRecord> converter = new Neo4jCudConverter<>();
            converter.configure(new HashMap<>(Map.of("output.mode", mode, "table.orders.node.labels", "Order", "table.orders.node.id.properties",
                    "id", "table.orders.relationship.customer_id.type", "OF", "table.orders.relationship.customer_id.target.label", "Customer",
                    "table.orders.relationship.customer_id.target.id", "id", "table.orders.relationship.customer_id.direction", "outgoing")));
            System.out.println(mode);
            show("created for 7", converter, "c", null, row(7, "a note", "paid"));
            show("note is NULL now", converter, "u", row(7, "a note", "paid"), row(7, null, "paid"));
            show("status is NULL now", converter, "u", row(7, null, "paid"), row(7, null, null));
            show("customer is 8 now", converter, "u", row(7, null, null), row(8, null, null));
            show("customer is NULL now", converter, "u", row(8, null, null), row(null, null, null));
            show("deleted", converter, "d", row(null, null, null), null);
        }
    }

    private static Struct row(Integer customer, String note, String status) {
        return new Struct(ROW).put("id", 1L).put("customer_id", customer).put("note", note).put("status", status);
    }

    private static void show(String what, Neo4jCudConverter<SourceRecord> converter, String op, Struct before, Struct after) throws Exception {
        Struct change = new Struct(ENVELOPE).put("before", before).put("after", after).put("source", new Struct(SOURCE).put("table", "orders"))
                .put("op", op).put("ts_ms", 1L);
        SourceRecord out = converter.apply(new SourceRecord(Map.of(), Map.of(), "s.public.orders", null, KEY, new Struct(KEY).put("id", 1L),
                ENVELOPE, change));
        JsonNode told = new ObjectMapper().readTree((String) out.value());
        StringBuilder line = new StringBuilder("  " + what + ":");
        for (JsonNode event : told.isArray() ? told : List.of(told)) {
            line.append(' ').append(event.get("op").asText()).append(' ').append(event.get("type").asText()).append(' ')
                    .append(event.has("to") ? "to " + event.get("to").get("ids") : event.has("properties") ? event.get("properties") : event.get("ids"))
                    .append(';');
        }
        System.out.println(line);
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: the graph is told otherwise of these updates"; exit 1; }
array
  created for 7: merge node {"note":"a note","status":"paid"}; merge relationship to {"id":7};
  note is NULL now: merge node {"status":"paid"}; merge relationship to {"id":7};
  status is NULL now: merge node {"status":"new"}; merge relationship to {"id":7};
  customer is 8 now: merge node {"status":"new"}; merge relationship to {"id":8};
  customer is NULL now: merge node {"status":"new"};
  deleted: delete node {"id":1};
single
  created for 7: merge node {"note":"a note","status":"paid"};
  note is NULL now: merge node {"status":"paid"};
  status is NULL now: merge node {"status":"new"};
  customer is 8 now: merge node {"status":"new"};
  customer is NULL now: merge node {"status":"new"};
  deleted: delete node {"id":1};
SEEN
echo "as described"
