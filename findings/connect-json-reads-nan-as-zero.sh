#!/usr/bin/env bash
# Package:  org.apache.kafka:connect-json 3.9.2 (Maven): JsonConverter with its default schemas.enable=true on both sides, as
#           between a Debezium source and a sink. 4.4.0 does the same.
# Input:    the values of real and double precision that JSON has no number for: NaN and both infinities.
# Guess:    the converter reads what it wrote itself, or refuses to write or to read it.
# Found:    it writes them as the texts "NaN", "Infinity" and "-Infinity", and reads each text as 0.0, the schema's float or double
#           notwithstanding: a sink's table has a plain 0 where the source has NaN, and averages change. Nothing is refused or
#           logged. So it is with any text in a number's place, and an int32 takes the lowest 32 bits of a number that is too large.
# Way out:  a converter with a binary form (Avro, Protobuf), or NULL for such values in a view or a generated column.
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
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-json</artifactId><version>3.9.2</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > Look.java <<'JAVA'
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;

public class Look {
    private static final Schema ROW = SchemaBuilder.struct().name("s.public.t.Value").field("d", Schema.OPTIONAL_FLOAT64_SCHEMA)
            .field("f", Schema.OPTIONAL_FLOAT32_SCHEMA).build();

    public static void main(String[] args) {
        JsonConverter converter = new JsonConverter();
        converter.configure(Map.of(), false);
        for (double value : new double[]{ 1.5, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY }) {
            byte[] written = converter.fromConnectData("t", ROW, new Struct(ROW).put("d", value).put("f", (float) value));
            String text = new String(written, StandardCharsets.UTF_8);
            System.out.println(text.substring(text.indexOf("\"payload\"")) + " is read as " + converter.toConnectData("t", written).value());
        }
        String number = "{\"schema\":{\"type\":\"int32\",\"optional\":false},\"payload\":3000000000}";
        System.out.println("int32 3000000000 is read as " + converter.toConnectData("t", number.getBytes(StandardCharsets.UTF_8)).value());
    }
}
JAVA
java -cp 'jars/*' Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: numbers that JSON has no form for are read otherwise than they were"; exit 1; }
"payload":{"d":1.5,"f":1.5}} is read as Struct{d=1.5,f=1.5}
"payload":{"d":"NaN","f":"NaN"}} is read as Struct{d=0.0,f=0.0}
"payload":{"d":"Infinity","f":"Infinity"}} is read as Struct{d=0.0,f=0.0}
"payload":{"d":"-Infinity","f":"-Infinity"}} is read as Struct{d=0.0,f=0.0}
int32 3000000000 is read as -1294967296
SEEN
echo "as described"
