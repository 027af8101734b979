#!/usr/bin/env bash
# Package:  io.debezium:debezium-connect-plugins 3.7.0.Final (Maven): TimezoneConverter, with a zone that has summer time.
# Input:    one timestamptz column (io.debezium.time.ZonedTimestamp), instants around 2026-03-08T10:00Z, when Los Angeles
#           goes to summer time.
# Guess:    each instant is written with the offset that the zone has at that instant.
# Found:    the offset is looked up by the UTC clock read as local time. For eight hours before the change in spring, and seven
#           in autumn, the text has the offset of the other half of the year: 19:00 in the evening before becomes 20:00, and
#           02:59 is written on a night that has none. The instant is right; who reads date and hour from the text, or groups
#           by day, is an hour off. East of Greenwich it is so in the hours after the change.
# Way out:  leave timestamptz in UTC and convert where it is shown.
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
import io.debezium.time.ZonedTimestamp;
import io.debezium.transforms.TimezoneConverter;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

public class Look {
    private static final String ZONE = "America/Los_Angeles";
    private static final Schema ROW = SchemaBuilder.struct().name("s.public.t.Value")
            .field("at", ZonedTimestamp.builder().optional().build()).optional().build();
    private static final Schema SOURCE = SchemaBuilder.struct().name("source").field("table", Schema.STRING_SCHEMA).build();
    private static final Schema ENVELOPE = SchemaBuilder.struct().name("s.public.t.Envelope").field("before", ROW)
            .field("after", ROW).field("source", SOURCE).field("op", Schema.STRING_SCHEMA).build();

    public static void main(String[] args) {
        for (String at : new String[] { "2026-03-08T01:59:00Z", "2026-03-08T03:00:00Z", "2026-03-08T09:59:00Z",
                "2026-03-08T10:00:00Z", "2026-11-01T01:59:00Z", "2026-11-01T03:00:00Z" }) {
            OffsetDateTime right = OffsetDateTime.parse(at).atZoneSameInstant(ZoneId.of(ZONE)).toOffsetDateTime();
            System.out.println(at + " is " + right + " there, written as " + converted(at));
        }
    }

    private static String converted(String at) {
        TimezoneConverter<SourceRecord> converter = new TimezoneConverter<>();
        converter.configure(Map.of("converted.timezone", ZONE));
        Struct value = new Struct(ENVELOPE).put("after", new Struct(ROW).put("at", at))
                .put("source", new Struct(SOURCE).put("table", "t")).put("op", "c");
        SourceRecord out = converter.apply(new SourceRecord(Map.of(), Map.of(), "s.public.t", 0, null, null, ENVELOPE, value));
        return ((Struct) out.value()).getStruct("after").getString("at");
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: the offset around a change of the clocks is another than it was"; exit 1; }
2026-03-08T01:59:00Z is 2026-03-07T17:59-08:00 there, written as 2026-03-07T17:59:00-08:00
2026-03-08T03:00:00Z is 2026-03-07T19:00-08:00 there, written as 2026-03-07T20:00:00-07:00
2026-03-08T09:59:00Z is 2026-03-08T01:59-08:00 there, written as 2026-03-08T02:59:00-07:00
2026-03-08T10:00:00Z is 2026-03-08T03:00-07:00 there, written as 2026-03-08T03:00:00-07:00
2026-11-01T01:59:00Z is 2026-10-31T18:59-07:00 there, written as 2026-10-31T18:59:00-07:00
2026-11-01T03:00:00Z is 2026-10-31T20:00-07:00 there, written as 2026-10-31T19:00:00-08:00
SEEN
echo "as described"
