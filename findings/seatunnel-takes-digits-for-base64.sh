#!/usr/bin/env bash
# Package:  org.apache.seatunnel:seatunnel-format-json 2.3.8 (Maven): SeaTunnel's format debezium_json, as its Kafka source reads a topic.
# Input:    rows as Debezium writes them for Postgres: numeric(12,0) and integer texts under decimal.handling.mode=string and precise,
#           timestamp and time of 3 and of 6 decimal places, an integer[] with a NULL in it, NaN, and a number in a column declared as STRING.
# Guess:    what is no base64 is read as the number that it is, or is refused, as is each form that the declared type is not; NULL stays NULL.
# Found:    a text for a DECIMAL is taken for the base64 of precise: the amount "1234" is -2658824, "12345678" is -44607649370372, and only one
#           whose length is no multiple of four, or which has a point, is refused. A timestamp of six places is 2026 no more but the year
#           57973, and a time of three places, 12:34:56.789, is 00:00:45.296789: the one is always read as milliseconds, the other always as
#           microseconds. A NULL in an array is 0, as are NaN and each text in a number's place; an INT takes the lowest 32 bits of a larger
#           number. A number in a STRING is null. None of it is refused.
# Way out:  decimal.handling.mode=precise with the column's scale; time.precision.mode=connect, whose timestamps are read right, and whose
#           times are not; types as wide as the database's.
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
    <dependency><groupId>org.apache.seatunnel</groupId><artifactId>seatunnel-format-json</artifactId><version>2.3.8</version></dependency>
    <dependency><groupId>org.apache.seatunnel</groupId><artifactId>seatunnel-api</artifactId><version>2.3.8</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > Look.java <<'JAVA'
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.seatunnel.api.source.Collector;
import org.apache.seatunnel.api.table.catalog.CatalogTableUtil;
import org.apache.seatunnel.api.table.type.ArrayType;
import org.apache.seatunnel.api.table.type.BasicType;
import org.apache.seatunnel.api.table.type.DecimalType;
import org.apache.seatunnel.api.table.type.LocalTimeType;
import org.apache.seatunnel.api.table.type.SeaTunnelDataType;
import org.apache.seatunnel.api.table.type.SeaTunnelRow;
import org.apache.seatunnel.api.table.type.SeaTunnelRowType;
import org.apache.seatunnel.format.json.debezium.DebeziumJsonDeserializationSchema;

public class Look {
    public static void main(String[] args) {
        DecimalType amount = new DecimalType(12, 0);
        show("numeric(12,0) 1234, precise", amount, "\"BNI=\"");
        show("numeric(12,0) 1234, string", amount, "\"1234\"");
        show("numeric(12,0) 12345678, string", amount, "\"12345678\"");
        show("numeric(12,0) 12345, string", amount, "\"12345\"");
        show("numeric(12,2) 12.50, string", new DecimalType(12, 2), "\"12.50\"");
        show("timestamp(3) 2026-01-02 00:54:56.789", LocalTimeType.LOCAL_DATE_TIME_TYPE, "1767315296789");
        show("timestamp(6) 2026-01-02 00:54:56.789123", LocalTimeType.LOCAL_DATE_TIME_TYPE, "1767315296789123");
        show("time(3) 12:34:56.789", LocalTimeType.LOCAL_TIME_TYPE, "45296789");
        show("time(6) 12:34:56.789123", LocalTimeType.LOCAL_TIME_TYPE, "45296789123");
        show("integer[] {1,NULL,3}", ArrayType.INT_ARRAY_TYPE, "[1,null,3]");
        show("double precision NaN", BasicType.DOUBLE_TYPE, "\"NaN\"");
        show("the text 42 as INT", BasicType.INT_TYPE, "\"42\"");
        show("bigint 3000000000 as INT", BasicType.INT_TYPE, "3000000000");
        show("integer 42 as STRING", BasicType.STRING_TYPE, "42");
        System.exit(0);
    }

    private static void show(String what, SeaTunnelDataType<?> type, String value) {
        SeaTunnelRowType row = new SeaTunnelRowType(new String[] {"id", "c"}, new SeaTunnelDataType<?>[] {BasicType.INT_TYPE, type});
        String event = "{\"before\":null,\"after\":{\"id\":1,\"c\":" + value + "},\"op\":\"c\"}";
        try {
            new DebeziumJsonDeserializationSchema(CatalogTableUtil.getCatalogTable("t", row), false)
                    .deserialize(event.getBytes(StandardCharsets.UTF_8), new Collector<SeaTunnelRow>() {
                        @Override
                        public void collect(SeaTunnelRow read) {
                            Object c = read.getField(1);
                            System.out.println(what + ": " + (c instanceof Object[] array ? Arrays.toString(array) : c));
                        }

                        @Override
                        public Object getCheckpointLock() {
                            return this;
                        }
                    });
        } catch (Exception refused) {
            System.out.println(what + ": refused");
        }
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: values of Debezium are read otherwise than they were"; exit 1; }
numeric(12,0) 1234, precise: 1234
numeric(12,0) 1234, string: -2658824
numeric(12,0) 12345678, string: -44607649370372
numeric(12,0) 12345, string: refused
numeric(12,2) 12.50, string: refused
timestamp(3) 2026-01-02 00:54:56.789: 2026-01-02T00:54:56.789
timestamp(6) 2026-01-02 00:54:56.789123: +57973-12-29T03:46:29.123
time(3) 12:34:56.789: 00:00:45.296789
time(6) 12:34:56.789123: 12:34:56.789123
integer[] {1,NULL,3}: [1, 0, 3]
double precision NaN: 0.0
the text 42 as INT: 0
bigint 3000000000 as INT: -1294967296
integer 42 as STRING: null
SEEN
echo "as described"
