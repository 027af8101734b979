#!/usr/bin/env bash
# Package:  org.apache.kafka:connect-transforms 3.9.2 (Maven): Cast, the transform that changes a column's type.
# Input:    a bigint that no int32 holds, as a number and as text; NaN; the texts by which Postgres means true.
# Guess:    what does not fit is refused, as Cast's own message "out of range for requested data type" says.
# Found:    only texts are checked. The number 3000000000 wraps to -1294967296, 200 as int8 to -56, NaN as int64 is 0, and
#           1e20 as int32 is 2147483647; the text 70000 as int16 is refused. As boolean "t" and "yes" are false.
# Needs Java 11 or newer and Maven. Ends with 1 when the behaviour changes.
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
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.Cast;

public class Look {
    public static void main(String[] args) {
        show("int32", 3000000000L);
        show("int8", 200);
        show("int64", Double.NaN);
        show("int32", 1e20);
        show("int16", "70000");
        show("boolean", "t");
        show("boolean", "true");
    }

    private static void show(String type, Object value) {
        Cast.Value<SourceRecord> cast = new Cast.Value<>();
        cast.configure(Map.of("spec", "f:" + type));
        Map<String, Object> row = new HashMap<>(Map.of("f", value));
        Object out;
        try {
            out = ((Map<?, ?>) cast.apply(new SourceRecord(Map.of(), Map.of(), "t", null, row)).value()).get("f");
        } catch (DataException e) {
            out = "refused";
        }
        System.out.println(value.getClass().getSimpleName() + " " + value + " as " + type + " -> " + out);
    }
}
JAVA
java -cp "$(ls ./*.jar | paste -sd:)" Look.java 2> /dev/null | tee seen
diff seen - <<'SEEN' || { echo "changed: Cast treats what does not fit otherwise than it did"; exit 1; }
Long 3000000000 as int32 -> -1294967296
Integer 200 as int8 -> -56
Double NaN as int64 -> 0
Double 1.0E20 as int32 -> 2147483647
String 70000 as int16 -> refused
String t as boolean -> false
String true as boolean -> true
SEEN
echo "as described"
