#!/usr/bin/env bash
# Package:  io.debezium:debezium-connect-plugins 3.7.0.Final (Maven): SwapGeometryCoordinates and VectorToJsonConverter.
# Input:    a row without any geometry or vector, whose columns are nullable, have defaults, and hold NULL.
# Guess:    a transform for geometries leaves all else as it is.
# Found:    both read each column with Struct.get, which answers the default for NULL, and write that back: NULL becomes the
#           default in every row of every table that passes, with or without a geometry or a vector in it. A converter with
#           replace.null.with.default=false comes too late. An update that set a column to NULL says that it set the default.
# Way out:  a predicate that lets only the tables with such columns pass, and no column with a default that may be NULL in them.
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
import io.debezium.transforms.SwapGeometryCoordinates;
import io.debezium.transforms.VectorToJsonConverter;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Transformation;

public class Look {
    private static final Schema ROW = SchemaBuilder.struct().name("s.public.t.Value").field("id", Schema.INT32_SCHEMA)
            .field("state", SchemaBuilder.string().optional().defaultValue("new").build())
            .field("active", SchemaBuilder.bool().optional().defaultValue(true).build())
            .field("note", Schema.OPTIONAL_STRING_SCHEMA).optional().build();
    private static final Schema ENVELOPE = SchemaBuilder.struct().name("s.public.t.Envelope").field("before", ROW)
            .field("after", ROW).field("op", Schema.STRING_SCHEMA).build();

    public static void main(String[] args) {
        show("as it comes", null);
        show("SwapGeometryCoordinates", new SwapGeometryCoordinates<>());
        show("VectorToJsonConverter", new VectorToJsonConverter<>());
    }

    private static void show(String what, Transformation<SourceRecord> transform) {
        Struct value = new Struct(ENVELOPE).put("op", "u").put("before", new Struct(ROW).put("id", 1).put("state", "old"))
                .put("after", new Struct(ROW).put("id", 1));
        SourceRecord record = new SourceRecord(Map.of(), Map.of(), "s.public.t", 0, null, null, ENVELOPE, value);
        if (transform != null) {
            transform.configure(Map.of());
            record = transform.apply(record);
        }
        StringBuilder line = new StringBuilder(what + ":");
        Struct row = ((Struct) record.value()).getStruct("after");
        for (Field field : row.schema().fields()) {
            line.append(' ').append(field.name()).append('=').append(row.getWithoutDefault(field.name()));
        }
        System.out.println(line);
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: columns that hold NULL come through otherwise than they did"; exit 1; }
as it comes: id=1 state=null active=null note=null
SwapGeometryCoordinates: id=1 state=new active=true note=null
VectorToJsonConverter: id=1 state=new active=true note=null
SEEN
echo "as described"
