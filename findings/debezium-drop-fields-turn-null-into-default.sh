#!/usr/bin/env bash
# Package:  io.debezium:debezium-connect-plugins 3.7.0.Final (Maven): ExtractChangedRecordState, which names in a header the columns
#           that an update left alone, and ExtractNewRecordState behind it, which drops the columns that the header names.
# Input:    updates of a row with a nullable column that has a default (5): one sets it to NULL, one changes another column,
#           one comes without a row before, as under the default replica identity. replace.null.with.default is false.
# Guess:    what stays in the record is as without drop.fields.header.name: NULL is null. An update whose row before is not known
#           has no header, as nothing is known.
# Found:    as soon as one column is dropped, NULL in those that stay becomes the default: the update that set 5 or 7 to NULL says
#           that it set 5. The setting that is to prevent it reaches the unwrapping, not the dropping. Without the row before both
#           headers are empty lists, as if nothing had changed: who lets updates pass by the list of changed columns drops them all.
# Way out:  no drop.fields.header.name on tables with defaults on nullable columns; REPLICA IDENTITY FULL before trusting the lists.
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
import io.debezium.transforms.ExtractChangedRecordState;
import io.debezium.transforms.ExtractNewRecordState;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

public class Look {
    private static final Schema ROW = SchemaBuilder.struct().name("s.public.t.Value").field("id", Schema.INT32_SCHEMA)
            .field("quota", SchemaBuilder.int32().optional().defaultValue(5).build())
            .field("note", Schema.OPTIONAL_STRING_SCHEMA).optional().build();
    private static final Schema SOURCE = SchemaBuilder.struct().name("source").field("table", Schema.STRING_SCHEMA).build();
    private static final Schema ENVELOPE = SchemaBuilder.struct().name("s.public.t.Envelope").field("before", ROW)
            .field("after", ROW).field("source", SOURCE).field("op", Schema.STRING_SCHEMA)
            .field("ts_ms", Schema.OPTIONAL_INT64_SCHEMA).build();

    public static void main(String[] args) {
        for (boolean drop : new boolean[]{ false, true }) {
            System.out.println(drop ? "unchanged columns dropped" : "nothing dropped");
            show(drop, row(7, "a"), row(null, "a"));
            show(drop, row(7, "a"), row(7, "b"));
            show(drop, null, row(7, "b"));
        }
    }

    private static Struct row(Integer quota, String note) {
        return new Struct(ROW).put("id", 1).put("quota", quota).put("note", note);
    }

    private static void show(boolean drop, Struct before, Struct after) {
        ExtractChangedRecordState<SourceRecord> compare = new ExtractChangedRecordState<>();
        compare.configure(Map.of("header.changed.name", "changed", "header.unchanged.name", "unchanged"));
        Map<String, String> settings = new HashMap<>(Map.of("replace.null.with.default", "false"));
        if (drop) settings.put("drop.fields.header.name", "unchanged");
        ExtractNewRecordState<SourceRecord> unwrap = new ExtractNewRecordState<>();
        unwrap.configure(settings);
        Struct update = new Struct(ENVELOPE).put("before", before).put("after", after)
                .put("source", new Struct(SOURCE).put("table", "t")).put("op", "u").put("ts_ms", 1L);
        SourceRecord out = unwrap.apply(compare.apply(
                new SourceRecord(Map.of(), Map.of(), "s.public.t", 0, null, null, ENVELOPE, update)));
        System.out.println("  changed " + out.headers().lastWithName("changed").value() + ", unchanged "
                + out.headers().lastWithName("unchanged").value() + ":" + columns((Struct) out.value()));
    }

    private static String columns(Struct row) {
        StringBuilder text = new StringBuilder();
        for (Field field : row.schema().fields()) {
            text.append(' ').append(field.name()).append('=').append(row.getWithoutDefault(field.name()));
        }
        return text.toString();
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: columns are named or dropped otherwise than they were"; exit 1; }
nothing dropped
  changed [quota], unchanged [id, note]: id=1 quota=null note=a
  changed [note], unchanged [id, quota]: id=1 quota=7 note=b
  changed [], unchanged []: id=1 quota=7 note=b
unchanged columns dropped
  changed [quota], unchanged [id, note]: id=1 quota=5
  changed [note], unchanged [id, quota]: id=1 note=b
  changed [], unchanged []: id=1 quota=7 note=b
SEEN
echo "as described"
