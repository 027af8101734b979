#!/usr/bin/env bash
# Package:  org.apache.kafka:connect-api 3.9.2 (Maven): SimpleHeaderConverter, the default header.converter of Kafka Connect.
# Input:    record headers whose values are plain texts: an amount, a code with leading zeros, a version.
# Guess:    its inference of types only changes how a value is typed; written again, the header has the same bytes.
# Found:    a decimal becomes a 32-bit float, so that 0.1234567890123456789 comes out as 0.12345679 and 1.10 as 1.1; 0012
#           becomes the byte 12; 1e5 becomes 100000; a leading or trailing blank is lost. Whoever mirrors or sinks records
#           through Connect with its defaults changes such headers without a word. StringConverter does not.
# Needs Java 11 or newer and Maven. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for artifact in org.apache.kafka:connect-api:3.9.2 org.apache.kafka:kafka-clients:3.9.2 org.slf4j:slf4j-api:1.7.36; do
  mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
    "-Dartifact=$artifact" -DoutputDirectory=. > mvn.log 2>&1 || { cat mvn.log; exit 1; }
done
cat > Look.java <<'JAVA'
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;

public class Look {
    public static void main(String[] args) {
        SimpleHeaderConverter converter = new SimpleHeaderConverter();
        converter.configure(Map.of());
        for (String text : new String[] {"0.1234567890123456789", "1.10", "0012", "1e5", "7 ", "v1.10"}) {
            SchemaAndValue read = converter.toConnectHeader("t", "h", text.getBytes(StandardCharsets.UTF_8));
            byte[] written = converter.fromConnectHeader("t", "h", read.schema(), read.value());
            System.out.println("[" + text + "] " + read.schema().type() + " ["
                + new String(written, StandardCharsets.UTF_8) + "]");
        }
    }
}
JAVA
java -cp "$(ls ./*.jar | paste -sd:)" Look.java 2> /dev/null | tee seen
diff seen - <<'SEEN' || { echo "changed: header values pass otherwise than they did"; exit 1; }
[0.1234567890123456789] FLOAT32 [0.12345679]
[1.10] FLOAT32 [1.1]
[0012] INT8 [12]
[1e5] INT32 [100000]
[7 ] INT8 [7]
[v1.10] STRING [v1.10]
SEEN
echo "as described"
