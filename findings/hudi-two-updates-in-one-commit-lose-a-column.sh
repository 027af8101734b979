#!/usr/bin/env bash
# Package:  org.apache.hudi:hudi-common 1.0.2 (Maven): PostgresDebeziumAvroPayload, by which Hudi keeps a table equal to a
#           Postgres that Debezium captures.
# Input:    a row with a large column. One update sets that column, the next one sets another column, so that Postgres does not
#           log the large one again and Debezium writes its placeholder. The same with an insert and an update.
# Guess:    the payload class knows the placeholder and takes the value that the row had before, wherever that is.
# Found:    it takes it from the stored row alone. Of two events of a key that come in one commit, preCombine keeps the later one
#           whole: the first one's new value is dropped, and the stored row's old one stays for good. When the row is new, the text
#           __debezium_unavailable_value is stored. The same events in two commits are right, so it depends on the load.
# Way out:  REPLICA IDENTITY FULL for tables with large columns; then Debezium fills the value in.
# Needs Java 11 or newer and Maven. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>look</groupId><artifactId>look</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.hudi</groupId><artifactId>hudi-common</artifactId><version>1.0.2</version></dependency>
    <dependency><groupId>org.apache.avro</groupId><artifactId>avro</artifactId><version>1.11.4</version></dependency>
    <dependency><groupId>org.apache.hadoop</groupId><artifactId>hadoop-client-api</artifactId><version>3.3.6</version></dependency>
    <dependency><groupId>com.esotericsoftware</groupId><artifactId>kryo-shaded</artifactId><version>4.0.3</version></dependency>
    <dependency><groupId>com.fasterxml.jackson.core</groupId><artifactId>jackson-core</artifactId><version>2.17.2</version></dependency>
    <dependency><groupId>com.fasterxml.jackson.core</groupId><artifactId>jackson-databind</artifactId><version>2.17.2</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > Look.java <<'JAVA'
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.hudi.common.model.debezium.PostgresDebeziumAvroPayload;

public class Look {
    private static final String UNTOUCHED = "__debezium_unavailable_value";
    private static final Schema ROW = new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"t\",\"fields\":["
            + "{\"name\":\"_change_operation_type\",\"type\":\"string\"},{\"name\":\"_event_lsn\",\"type\":\"long\"},"
            + "{\"name\":\"id\",\"type\":\"int\"},{\"name\":\"n\",\"type\":\"int\"},"
            + "{\"name\":\"body\",\"type\":[\"null\",\"string\"],\"default\":null}]}");

    public static void main(String[] args) throws Exception {
        GenericRecord stored = row("c", 10, 0, "old");
        GenericRecord first = row("u", 20, 0, "new");
        GenericRecord second = row("u", 30, 1, UNTOUCHED);
        show("two updates in two commits", merge(second, merge(first, stored)));
        show("two updates in one commit", merge(latest(first, second), stored));
        show("insert and update in one commit", latest(row("c", 20, 0, "new"), second));
    }

    private static GenericRecord row(String op, long lsn, int n, String body) {
        GenericRecord row = new GenericData.Record(ROW);
        row.put("_change_operation_type", op);
        row.put("_event_lsn", lsn);
        row.put("id", 1);
        row.put("n", n);
        row.put("body", body);
        return row;
    }

    private static PostgresDebeziumAvroPayload payload(GenericRecord row) {
        return new PostgresDebeziumAvroPayload(row, (Comparable) row.get("_event_lsn"));
    }

    /** What Hudi keeps of two events of one key before it looks at the table. */
    private static GenericRecord latest(GenericRecord first, GenericRecord second) throws Exception {
        return (GenericRecord) payload(second).preCombine(payload(first)).getInsertValue(ROW).get();
    }

    /** What Hudi stores for an event of a key that the table has. */
    private static GenericRecord merge(GenericRecord event, IndexedRecord stored) throws Exception {
        return (GenericRecord) payload(event).combineAndGetUpdateValue(stored, ROW).get();
    }

    private static void show(String what, GenericRecord row) {
        System.out.println(what + ": n=" + row.get("n") + ", body=" + row.get("body"));
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: two events of one row are merged otherwise than they were"; exit 1; }
two updates in two commits: n=1, body=new
two updates in one commit: n=1, body=old
insert and update in one commit: n=1, body=__debezium_unavailable_value
SEEN
echo "as described"
