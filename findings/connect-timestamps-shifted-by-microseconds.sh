#!/usr/bin/env bash
# Package:  org.apache.kafka:connect-transforms 3.9.2 (Maven): TimestampConverter, which many put behind Debezium.
# Input:    timestamps as Debezium's time.precision.mode=isostring writes them, with six decimals, and the pattern that
#           describes them letter for letter: yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'.
# Guess:    the microseconds are cut to milliseconds, as the transform itself does for unix.precision=microseconds.
# Found:    the six digits are taken for that many milliseconds, so .123456 is added as 2 min 3.456 s and .999999 as
#           16 min 39.999 s. Each record arrives, each with another error, and none is refused.
# Way out:  leave the text as it is, or take time.precision.mode=adaptive_time_microseconds and unix.precision.
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
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.TimestampConverter;

public class Look {
    public static void main(String[] args) {
        Map<String, String> text = Map.of("field", "at", "target.type", "Timestamp",
            "format", "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'");
        Map<String, String> number = Map.of("field", "at", "target.type", "Timestamp", "unix.precision", "microseconds");
        show(text, "2026-01-01T00:00:00.123456Z");
        show(text, "2026-01-01T00:00:00.999999Z");
        show(number, 1767225600123456L);
    }

    private static void show(Map<String, String> config, Object at) {
        TimestampConverter.Value<SourceRecord> converter = new TimestampConverter.Value<>();
        converter.configure(config);
        Map<String, Object> row = new HashMap<>(Map.of("at", at));
        SourceRecord out = converter.apply(new SourceRecord(Map.of(), Map.of(), "t", null, row));
        System.out.println(at + " -> " + ((java.util.Date) ((Map<?, ?>) out.value()).get("at")).toInstant());
    }
}
JAVA
java -cp "$(ls ./*.jar | paste -sd:)" Look.java 2> /dev/null | tee seen
diff seen - <<'SEEN' || { echo "changed: six decimals are read otherwise than they were"; exit 1; }
2026-01-01T00:00:00.123456Z -> 2026-01-01T00:02:03.456Z
2026-01-01T00:00:00.999999Z -> 2026-01-01T00:16:39.999Z
1767225600123456 -> 2026-01-01T00:00:00.123Z
SEEN
echo "as described"
