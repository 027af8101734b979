#!/usr/bin/env bash
# Package:  io.debezium:debezium-connector-common 3.7.0.Final (Maven): DebeziumSerdes.payloadJson, for Kafka Streams.
# Input:    rows and keys as JsonConverter writes them without schemas (schemas.enable=false), of a table that has a column
#           called payload, as the outbox table of Debezium's own EventRouter has; unwrapped by ExtractNewRecordState.
# Guess:    the wrapper is known by having schema and payload and nothing else; a row is read as the row.
# Found:    whatever has a member payload is taken for the wrapper: of a row only the column's content is left, and two rows
#           that differ in all else are read as equal. A key of two columns, one of them payload, loses the other one, so that
#           a table or a join by key puts different rows into one. A key of one column is its value, not an object.
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
import com.fasterxml.jackson.databind.JsonNode;
import io.debezium.serde.DebeziumSerdes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;

public class Look {
    public static void main(String[] args) {
        show("row", false, "{\"id\":1,\"type\":\"made\",\"note\":{\"n\":1}}");
        show("row", false, "{\"id\":1,\"type\":\"made\",\"payload\":{\"n\":1}}");
        show("row", false, "{\"id\":2,\"type\":\"gone\",\"payload\":{\"n\":1}}");
        show("key", true, "{\"id\":1,\"note\":\"a\"}");
        show("key", true, "{\"id\":1,\"payload\":\"a\"}");
        show("key", true, "{\"id\":2,\"payload\":\"a\"}");
        show("key", true, "{\"id\":2}");
    }

    private static void show(String what, boolean isKey, String json) {
        String read;
        try (Serde<JsonNode> serde = DebeziumSerdes.payloadJson(JsonNode.class)) {
            serde.configure(Map.of(), isKey);
            read = String.valueOf(serde.deserializer().deserialize("t", json.getBytes(StandardCharsets.UTF_8)));
        } catch (RuntimeException error) {
            read = error.getClass().getSimpleName() + ": " + error.getMessage();
        }
        System.out.println(what + " " + json + " is read as " + read);
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: rows with a column payload are read otherwise than they were"; exit 1; }
row {"id":1,"type":"made","note":{"n":1}} is read as {"id":1,"type":"made","note":{"n":1}}
row {"id":1,"type":"made","payload":{"n":1}} is read as {"n":1}
row {"id":2,"type":"gone","payload":{"n":1}} is read as {"n":1}
key {"id":1,"note":"a"} is read as {"id":1,"note":"a"}
key {"id":1,"payload":"a"} is read as "a"
key {"id":2,"payload":"a"} is read as "a"
key {"id":2} is read as 2
SEEN
echo "as described"
