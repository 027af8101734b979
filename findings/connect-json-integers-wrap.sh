#!/usr/bin/env bash
# Package:  org.apache.kafka:connect-json 3.9.2 (Maven): JsonConverter with schemas.enable=false, as a sink reads a topic.
# Input:    JSON whose numbers are beyond 64 bits: an unsigned counter, a large exponent; and minus zero.
# Guess:    such a number is refused, or becomes a BigDecimal or a double, as a fraction does.
# Found:    an integer keeps its lowest 64 bits only: 9223372036854775808 is read as -9223372036854775808, and
#           18446744073709551617 as 1. 1e400 is read as infinity, and written again as the string "Infinity". -0.0 loses
#           its sign. No error, no warning.
# Needs Java 11 or newer and Maven. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>look</groupId><artifactId>look</artifactId><version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-json</artifactId><version>3.9.2</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
  -DincludeScope=runtime -DoutputDirectory=libs > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > Look.java <<'JAVA'
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.connect.json.JsonConverter;

public class Look {
    public static void main(String[] args) {
        JsonConverter converter = new JsonConverter();
        converter.configure(Map.of("schemas.enable", "false"), false);
        for (String number : new String[] {"9223372036854775807", "9223372036854775808", "18446744073709551617",
                "1e400", "-0.0"}) {
            byte[] json = ("{\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8);
            Object row = converter.toConnectData("t", json).value();
            String again = new String(converter.fromConnectData("t", null, row), StandardCharsets.UTF_8);
            System.out.println(number + " -> " + row + " -> " + again);
        }
    }
}
JAVA
java -cp "$(ls libs/*.jar | paste -sd:)" Look.java 2> /dev/null | tee seen
diff seen - <<'SEEN' || { echo "changed: numbers beyond 64 bits are read otherwise than they were"; exit 1; }
9223372036854775807 -> {n=9223372036854775807} -> {"n":9223372036854775807}
9223372036854775808 -> {n=-9223372036854775808} -> {"n":-9223372036854775808}
18446744073709551617 -> {n=1} -> {"n":1}
1e400 -> {n=Infinity} -> {"n":"Infinity"}
-0.0 -> {n=0.0} -> {"n":0.0}
SEEN
echo "as described"
