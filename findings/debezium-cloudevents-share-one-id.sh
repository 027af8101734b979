#!/usr/bin/env bash
# Package:  io.debezium:debezium-connector-postgres and debezium-connect-plugins 3.7.0.Final (Maven): the CloudEventsConverter.
# Input:    two rows that one COPY wrote, and the two events that an update of a row's key becomes (delete, create). The connector
#           hands each pair over with one lsn, txId and sequence: COPY and a multi-row INSERT write many rows as one WAL record.
# Guess:    each event has an id of its own, since CloudEvents asks for source + id to be unique, so that repeats can be dropped.
# Found:    the id is made of server name, lsn, txId and sequence only. Rows of one COPY all have one id, and so have the delete and
#           the create of a key change, which say opposite things. Who drops repeats by id, as the specification suggests, keeps
#           one row of each WAL record. The key is not in the event either.
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
    <dependency><groupId>io.debezium</groupId><artifactId>debezium-connector-postgres</artifactId><version>3.7.0.Final</version></dependency>
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
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import io.debezium.converters.CloudEventsConverter;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

public class Look {
    private static final Schema ROW = SchemaBuilder.struct().name("s.public.t.Value").field("id", Schema.INT32_SCHEMA).optional().build();
    private static final Schema SOURCE = SchemaBuilder.struct().name("io.debezium.connector.postgresql.Source")
            .field("version", Schema.STRING_SCHEMA).field("connector", Schema.STRING_SCHEMA).field("name", Schema.STRING_SCHEMA)
            .field("ts_ms", Schema.INT64_SCHEMA).field("snapshot", Schema.OPTIONAL_STRING_SCHEMA).field("db", Schema.STRING_SCHEMA)
            .field("sequence", Schema.OPTIONAL_STRING_SCHEMA).field("schema", Schema.STRING_SCHEMA).field("table", Schema.STRING_SCHEMA)
            .field("txId", Schema.OPTIONAL_INT64_SCHEMA).field("lsn", Schema.OPTIONAL_INT64_SCHEMA)
            .field("xmin", Schema.OPTIONAL_INT64_SCHEMA).build();
    private static final Schema ENVELOPE = SchemaBuilder.struct().name("s.public.t.Envelope").field("before", ROW).field("after", ROW)
            .field("source", SOURCE).field("op", Schema.STRING_SCHEMA).field("ts_ms", Schema.OPTIONAL_INT64_SCHEMA).build();

    public static void main(String[] args) {
        show("COPY, first row", "c", null, 1);
        show("COPY, second row", "c", null, 2);
        show("key change, delete", "d", 1, null);
        show("key change, create", "c", null, 3);
    }

    private static void show(String what, String op, Integer before, Integer after) {
        Struct source = new Struct(SOURCE).put("version", "3.7.0.Final").put("connector", "postgresql").put("name", "s")
                .put("ts_ms", 1L).put("db", "d").put("sequence", "[\"100\",\"200\"]").put("schema", "public").put("table", "t")
                .put("txId", 7L).put("lsn", 200L);
        Struct value = new Struct(ENVELOPE).put("before", row(before)).put("after", row(after)).put("source", source)
                .put("op", op).put("ts_ms", 1L);
        CloudEventsConverter converter = new CloudEventsConverter();
        converter.configure(Map.of("json.schemas.enable", "false"), false);
        byte[] json = converter.fromConnectData("s.public.t", new RecordHeaders(), ENVELOPE, value);
        Matcher id = Pattern.compile("\"id\":(\"(?:[^\"\\\\]|\\\\.)*\")").matcher(new String(json, StandardCharsets.UTF_8));
        System.out.println(what + ": " + (id.find() ? id.group(1) : "no id"));
    }

    private static Struct row(Integer id) {
        return id == null ? null : new Struct(ROW).put("id", id);
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: events of one WAL record have ids of their own"; exit 1; }
COPY, first row: "name:s;lsn:200;txId:7;sequence:[\"100\",\"200\"]"
COPY, second row: "name:s;lsn:200;txId:7;sequence:[\"100\",\"200\"]"
key change, delete: "name:s;lsn:200;txId:7;sequence:[\"100\",\"200\"]"
key change, create: "name:s;lsn:200;txId:7;sequence:[\"100\",\"200\"]"
SEEN
echo "as described"
