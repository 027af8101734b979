#!/usr/bin/env bash
# Package:  org.apache.kafka:connect-transforms 3.9.2 (Maven): HoistField, which wraps a record's value into one field.
# Input:    a tombstone, as Debezium writes one after each delete; through HoistField, and through others of the package.
# Guess:    a tombstone passes as it is, as it does through InsertField, ReplaceField, ExtractField, Flatten and Cast.
# Found:    HoistField makes a record of it, {"row":null}. The topic has no tombstone any more: compaction keeps a record for each
#           deleted key for ever, a table of Kafka Streams or ksqlDB has a row for it, and a sink by key writes a row of nulls
#           where it would have deleted one. Nothing is in the log.
# Way out:  the predicate RecordIsTombstone with negate=true on the transform.
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
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-json</artifactId><version>3.9.2</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-transforms</artifactId><version>3.9.2</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > Look.java <<'JAVA'
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Cast;
import org.apache.kafka.connect.transforms.ExtractField;
import org.apache.kafka.connect.transforms.Flatten;
import org.apache.kafka.connect.transforms.HoistField;
import org.apache.kafka.connect.transforms.InsertField;
import org.apache.kafka.connect.transforms.ReplaceField;
import org.apache.kafka.connect.transforms.Transformation;

public class Look {
    public static void main(String[] args) {
        show("InsertField", new InsertField.Value<>(), Map.of("static.field", "origin", "static.value", "here"));
        show("ReplaceField", new ReplaceField.Value<>(), Map.of("exclude", "source"));
        show("ExtractField", new ExtractField.Value<>(), Map.of("field", "after"));
        show("Flatten", new Flatten.Value<>(), Map.of());
        show("Cast", new Cast.Value<>(), Map.of("spec", "string"));
        show("HoistField", new HoistField.Value<>(), Map.of("field", "row"));
    }

    private static void show(String name, Transformation<SourceRecord> transform, Map<String, String> settings) {
        transform.configure(settings);
        SourceRecord out = transform.apply(new SourceRecord(Map.of(), Map.of(), "s.public.t", 0, Schema.INT32_SCHEMA, 1, null, null));
        JsonConverter json = new JsonConverter();
        json.configure(Map.of("schemas.enable", "false"), false);
        byte[] value = json.fromConnectData(out.topic(), out.valueSchema(), out.value());
        System.out.println(name + ": key " + out.key() + ", "
                + (value == null ? "tombstone" : "value " + new String(value, StandardCharsets.UTF_8)));
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: tombstones pass otherwise than they did"; exit 1; }
InsertField: key 1, tombstone
ReplaceField: key 1, tombstone
ExtractField: key 1, tombstone
Flatten: key 1, tombstone
Cast: key 1, tombstone
HoistField: key 1, value {"row":null}
SEEN
echo "as described"
