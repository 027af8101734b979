#!/usr/bin/env bash
# Package:  org.apache.kafka:connect-transforms 3.9.2 (Maven): Cast, here of dates to string, as many do for a warehouse.
# Input:    columns of Connect's logical types Date and Timestamp, which Debezium writes with time.precision.mode=connect, with
#           days before, on and after 1970-01-01.
# Guess:    a Date becomes 1965-03-04, a Timestamp 1965-03-04T05:06:07.000Z.
# Found:    the form follows from the number, not from the type. All that is before 1970-01-02 becomes the time of day alone, so
#           each date of birth before 1970 is "00:00:00.000Z". A Timestamp at midnight becomes the day alone. Nothing is
#           refused and nothing is in the log.
# Way out:  TimestampConverter, which takes a format, or time.precision.mode=isostring.
# Needs Java 16 or newer and Maven. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for artifact in org.apache.kafka:connect-transforms:3.9.2 org.apache.kafka:connect-api:3.9.2 \
  org.apache.kafka:kafka-clients:3.9.2 org.slf4j:slf4j-api:1.7.36; do
  mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
    "-Dartifact=$artifact" -DoutputDirectory=. > mvn.log 2>&1 || { cat mvn.log; exit 1; }
done
cat > Look.java <<'JAVA'
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Cast;

public class Look {
    public static void main(String[] args) {
        for (String day : new String[] { "1965-03-04", "1969-12-31", "1970-01-01", "1970-01-02", "2026-01-01" }) {
            show("Date", Date.SCHEMA, day, day + "T00:00:00Z");
        }
        for (String at : new String[] { "1965-03-04T05:06:07Z", "2026-01-01T00:00:00Z", "2026-01-01T05:06:07Z" }) {
            show("Timestamp", Timestamp.SCHEMA, at, at);
        }
    }

    private static void show(String type, Schema of, String what, String at) {
        Cast.Value<SourceRecord> cast = new Cast.Value<>();
        cast.configure(Map.of("spec", "at:string"));
        Schema schema = SchemaBuilder.struct().field("at", of).build();
        Struct row = new Struct(schema).put("at", java.util.Date.from(Instant.parse(at)));
        SourceRecord out = cast.apply(new SourceRecord(Map.of(), Map.of(), "t", schema, row));
        System.out.println(type + " " + what + " -> " + ((Struct) out.value()).get("at"));
    }
}
JAVA
java -cp "$(ls ./*.jar | paste -sd:)" Look.java 2> /dev/null | tee seen
diff seen - <<'SEEN' || { echo "changed: dates are cast to text otherwise than they were"; exit 1; }
Date 1965-03-04 -> 00:00:00.000Z
Date 1969-12-31 -> 00:00:00.000Z
Date 1970-01-01 -> 00:00:00.000Z
Date 1970-01-02 -> 1970-01-02
Date 2026-01-01 -> 2026-01-01
Timestamp 1965-03-04T05:06:07Z -> 05:06:07.000Z
Timestamp 2026-01-01T00:00:00Z -> 2026-01-01
Timestamp 2026-01-01T05:06:07Z -> 2026-01-01T05:06:07.000Z
SEEN
echo "as described"
