#!/usr/bin/env bash
# Package:  io.debezium:debezium-connect-plugins 3.7.0.Final (Maven): PartitionRouting by a column of the row.
# Input:    a row's life as Debezium's Postgres connector writes it for a table with the default replica identity: create,
#           update, delete (whose before has the key alone), tombstone; routed by a column beside the key.
# Guess:    all records of a row whose routing column does not change go to one partition, tombstone included.
# Found:    a delete without the routing column, and every tombstone, is left to the hash of its key, which is another
#           partition for five rows of six: a reader may see the delete before the row, and compaction never removes the row,
#           as its tombstone is in another log. With REPLICA IDENTITY FULL it is the tombstone alone.
# Way out:  route by columns of the primary key alone, by the key itself; or FULL and tombstones.on.delete=false.
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
import io.debezium.transforms.partitions.PartitionRouting;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

public class Look {
    private static final Schema KEY = SchemaBuilder.struct().name("s.public.t.Key").field("id", Schema.INT32_SCHEMA).build();
    private static final Schema ROW = SchemaBuilder.struct().name("s.public.t.Value").field("id", Schema.INT32_SCHEMA)
            .field("tenant", Schema.OPTIONAL_INT32_SCHEMA).field("note", Schema.OPTIONAL_STRING_SCHEMA).optional().build();
    private static final Schema SOURCE = SchemaBuilder.struct().name("source").field("table", Schema.STRING_SCHEMA).build();
    private static final Schema ENVELOPE = SchemaBuilder.struct().name("s.public.t.Envelope").field("before", ROW)
            .field("after", ROW).field("source", SOURCE).field("op", Schema.STRING_SCHEMA)
            .field("ts_ms", Schema.OPTIONAL_INT64_SCHEMA).build();

    public static void main(String[] args) {
        PartitionRouting<SourceRecord> routing = new PartitionRouting<>();
        routing.configure(Map.of("partition.payload.fields", "change.tenant", "partition.topic.num", "6"));
        show("create", routing, envelope("c", null, row(7, "a")));
        show("update", routing, envelope("u", null, row(7, "b")));
        show("delete, before of the key alone", routing, envelope("d", new Struct(ROW).put("id", 1), null));
        show("delete, the whole row before", routing, envelope("d", row(7, "b"), null));
        show("tombstone", routing, null);
    }

    private static Struct row(int tenant, String note) {
        return new Struct(ROW).put("id", 1).put("tenant", tenant).put("note", note);
    }

    private static Struct envelope(String op, Struct before, Struct after) {
        return new Struct(ENVELOPE).put("before", before).put("after", after)
                .put("source", new Struct(SOURCE).put("table", "t")).put("op", op).put("ts_ms", 1L);
    }

    private static void show(String what, PartitionRouting<SourceRecord> routing, Struct value) {
        SourceRecord out = routing.apply(new SourceRecord(Map.of(), Map.of(), "s.public.t", null, KEY, new Struct(KEY).put("id", 1),
                value == null ? null : ENVELOPE, value));
        System.out.println(what + ": " + (out.kafkaPartition() == null ? "left to the hash of the key" : "partition " + out.kafkaPartition()));
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: records of one row are routed otherwise than they were"; exit 1; }
create: partition 1
update: partition 1
delete, before of the key alone: left to the hash of the key
delete, the whole row before: partition 1
tombstone: left to the hash of the key
SEEN
echo "as described"
