#!/usr/bin/env bash
# Package:  org.apache.iceberg:iceberg-kafka-connect 1.12.0 (Maven): the converter of values in Iceberg's own sink for Kafka Connect.
# Input:    a row as Debezium's Postgres connector writes it with its default time.precision.mode: a timestamp as MicroTimestamp,
#           times of day as MicroTime; and a bigint. The Iceberg table has columns timestamp, time and int for them.
# Guess:    the schema's name, io.debezium.time.MicroTimestamp, says what the number is: it is read as microseconds, or refused.
# Found:    the name is not looked at, and each number is taken for milliseconds: 2026-01-01 becomes the year 57971. Of the times of
#           day, those in the first 86.4 seconds are stored a thousand times later, 00:01 as 16:40, and all others fail the task.
#           A bigint that an int column cannot hold wraps. In a table that the sink makes itself such columns are long.
# Way out:  time.precision.mode=connect (milliseconds) or isostring; columns no narrower than the source's.
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
    <dependency><groupId>org.apache.iceberg</groupId><artifactId>iceberg-kafka-connect</artifactId><version>1.12.0</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-api</artifactId><version>3.9.2</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-json</artifactId><version>3.9.2</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
# The converter is seen from its own package alone.
cat > Look.java <<'JAVA'
package org.apache.iceberg.connect.data;

import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.connect.IcebergSinkConfig;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

public class Look {
    private static final Schema ROW = SchemaBuilder.struct().name("s.public.t.Value")
            .field("at", SchemaBuilder.int64().name("io.debezium.time.MicroTimestamp").version(1).build())
            .field("opens", SchemaBuilder.int64().name("io.debezium.time.MicroTime").version(1).build())
            .field("n", Schema.INT64_SCHEMA).build();
    private static final long AT = 1_767_225_600_000_000L; // 2026-01-01T00:00:00
    private static final long MINUTE = 60_000_000L;

    public static void main(String[] args) {
        InMemoryCatalog catalog = new InMemoryCatalog();
        catalog.initialize("look", Map.of());
        catalog.createNamespace(Namespace.of("public"));
        Table table = catalog.createTable(TableIdentifier.of("public", "t"), new org.apache.iceberg.Schema(
                NestedField.optional(1, "at", Types.TimestampType.withoutZone()),
                NestedField.optional(2, "opens", Types.TimeType.get()), NestedField.optional(3, "n", Types.IntegerType.get())));
        RecordConverter converter = new RecordConverter(table, new IcebergSinkConfig(
                Map.of("name", "look", "topics", "s.public.t", "iceberg.catalog.type", "hadoop", "iceberg.tables", "public.t")));
        show(converter, "2026-01-01, 00:01, 3", MINUTE, 3);
        show(converter, "2026-01-01, 00:01, 3000000000", MINUTE, 3_000_000_000L);
        show(converter, "2026-01-01, 09:00, 3", 540 * MINUTE, 3);
    }

    private static void show(RecordConverter converter, String what, long opens, long n) {
        try {
            System.out.println(what + ": " + converter.convert(new Struct(ROW).put("at", AT).put("opens", opens).put("n", n)));
        } catch (RuntimeException refused) {
            System.out.println(what + ": " + refused.getClass().getSimpleName());
        }
    }
}
JAVA
javac -proc:none -cp 'jars/*' -d classes Look.java
java -cp 'classes:jars/*' org.apache.iceberg.connect.data.Look 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: Debezium's times or large numbers are stored otherwise than they were"; exit 1; }
2026-01-01, 00:01, 3: Record(+57971-02-25T00:00, 16:40, 3)
2026-01-01, 00:01, 3000000000: Record(+57971-02-25T00:00, 16:40, -1294967296)
2026-01-01, 09:00, 3: DateTimeException
SEEN
echo "as described"
