#!/usr/bin/env bash
# Package:  io.debezium:debezium-connect-plugins 3.7.0.Final (Maven): HeaderToValue with two headers.
# Input:    records of one table, some with both headers, some with one.
# Guess:    each record gets a field for each of its headers that is listed.
# Found:    the first record of a table that has any of them decides for all that follow, until the task starts again. If it
#           had one header, a later record with both is refused (DataException, the task fails); if it had both, one with one
#           is refused where it is validated, for a field that is required. What order records come in after a restart
#           decides whether the connector runs.
# Way out:  headers that are on each record or on none, such as those of InsertHeader before it.
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
import io.debezium.transforms.HeaderToValue;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;

public class Look {
    private static final Schema ROW = SchemaBuilder.struct().name("s.public.t.Value").field("id", Schema.INT32_SCHEMA).build();

    public static void main(String[] args) {
        run("one that has both, then one that has the first alone", "ab", "a");
        run("one that has the first alone, then one that has both", "a", "ab");
        run("one that has none, then one that has both", "", "ab");
    }

    private static void run(String what, String... records) {
        System.out.println(what);
        HeaderToValue<SourceRecord> transform = new HeaderToValue<>();
        transform.configure(Map.of("headers", "a,b", "fields", "a,b", "operation", "move"));
        for (String names : records) {
            ConnectHeaders headers = new ConnectHeaders();
            for (char name : names.toCharArray()) headers.addString(String.valueOf(name), "value of " + name);
            SourceRecord in = new SourceRecord(Map.of(), Map.of(), "s.public.t", 0, null, null, ROW,
                    new Struct(ROW).put("id", 1), null, headers);
            try {
                SourceRecord out = transform.apply(in);
                ((Struct) out.value()).validate();
                System.out.println("  " + out.value());
            } catch (RuntimeException error) {
                System.out.println("  " + error.getClass().getSimpleName() + ": " + error.getMessage());
            }
        }
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: headers come into the rows otherwise than they did"; exit 1; }
one that has both, then one that has the first alone
  Struct{id=1,a=value of a,b=value of b}
  DataException: Invalid value: null used for required field: "b", schema type: STRING
one that has the first alone, then one that has both
  Struct{id=1,a=value of a}
  DataException: b is not a valid field name
one that has none, then one that has both
  Struct{id=1}
  Struct{id=1,a=value of a,b=value of b}
SEEN
echo "as described"
