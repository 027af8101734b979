#!/usr/bin/env bash
# Package:  org.apache.flink:flink-json 2.3.0 (Maven): Flink's formats canal-json, debezium-json and json, read by Flink SQL.
# Input:    a flag as canal writes MySQL's tinyint(1), the text "1", and as Debezium writes a smallint, the number 1; both in a BOOLEAN
#           column. A JSON column, which a mapping has made an object of, in a STRING column. A number in a FLOAT column that holds no such one.
# Guess:    1 is true, as CAST('1' AS BOOLEAN) is in the same SQL; or it is refused, as the text "t" is for an INT. A STRING keeps the text
#           of what is in the record, as it does for a number. A number that is too large is refused, as it is for an INT and a SMALLINT.
# Found:    all but the word true is false: 1, "1", "t" and "yes". Each such row says that its flag is off, WHERE finds none of them, and
#           nothing is refused. An object in a STRING is written anew: its 1.10 is 1.1, and of 24 digits 17 are left, while a number
#           that stands there alone keeps all. 1e40 as FLOAT is infinity, and a sum of the column from then on.
# Way out:  the flag as STRING, and CAST in the query, as below; JSON as a text in the record, as Debezium writes it; DOUBLE for FLOAT.
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
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-json</artifactId><version>2.3.0</version></dependency>
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-clients</artifactId><version>2.3.0</version></dependency>
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-connector-files</artifactId><version>2.3.0</version></dependency>
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-table-api-java-bridge</artifactId><version>2.3.0</version></dependency>
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-table-planner-loader</artifactId><version>2.3.0</version></dependency>
    <dependency><groupId>org.apache.flink</groupId><artifactId>flink-table-runtime</artifactId><version>2.3.0</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > canal.json <<'EVENTS'
{"type":"INSERT","data":[{"id":"1","active":"1"},{"id":"2","active":"0"},{"id":"3","active":"true"}]}
EVENTS
cat > debezium.json <<'EVENTS'
{"before":null,"after":{"id":1,"active":1},"op":"c"}
{"before":null,"after":{"id":2,"active":"t"},"op":"c"}
{"before":null,"after":{"id":3,"active":"yes"},"op":"c"}
{"before":null,"after":{"id":4,"active":true},"op":"c"}
EVENTS
cat > documents.json <<'EVENTS'
{"document":{"price":1.10,"number":123456789012345678901234.5},"size":1.5}
{"document":123456789012345678901234.50,"size":1e40}
{"document":"{\"price\":1.10}","size":2.5}
EVENTS
echo '{"n":"t"}' > texts.json
echo '{"n":3000000000}' > numbers.json
cat > Look.java <<'JAVA'
import java.nio.file.Path;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

public class Look {
    private static final TableEnvironment FLINK = TableEnvironment.create(EnvironmentSettings.inStreamingMode());

    public static void main(String[] args) {
        FLINK.getConfig().set("parallelism.default", "1");
        table("canal", "canal-json", "id INT, active BOOLEAN");
        table("debezium", "debezium-json", "id INT, active BOOLEAN");
        FLINK.executeSql("CREATE TABLE canal_as_text (id INT, active STRING) WITH ('connector'='filesystem','format'='canal-json','path'='"
                + Path.of("canal.json").toUri() + "')");
        table("documents", "json", "document STRING, size FLOAT");
        table("texts", "json", "n INT");
        table("numbers", "json", "n INT");
        show("SELECT CAST('1' AS BOOLEAN), CAST(1 AS BOOLEAN), CAST('t' AS BOOLEAN)");
        show("SELECT * FROM canal");
        show("SELECT id, CAST(active AS BOOLEAN) FROM canal_as_text");
        show("SELECT * FROM debezium");
        show("SELECT * FROM debezium WHERE active");
        show("SELECT document FROM documents");
        show("SELECT SUM(size) FROM documents");
        show("SELECT * FROM texts");
        show("SELECT * FROM numbers");
    }

    private static void table(String name, String format, String columns) {
        FLINK.executeSql("CREATE TABLE " + name + " (" + columns + ") WITH ('connector'='filesystem','format'='" + format + "','path'='"
                + Path.of(name + ".json").toUri() + "')");
    }

    private static void show(String query) {
        System.out.println(query);
        try (CloseableIterator<Row> rows = FLINK.executeSql(query).collect()) {
            while (rows.hasNext()) System.out.println("  " + rows.next());
        } catch (Exception refused) {
            Throwable cause = refused;
            while (cause.getCause() != null && !cause.getClass().getSimpleName().equals("JsonParseException")) cause = cause.getCause();
            System.out.println("  refused: " + cause.getMessage());
        }
    }
}
JAVA
java -Djava.io.tmpdir="$work" -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: a flag, a document or a large number is read otherwise than it was"; exit 1; }
SELECT CAST('1' AS BOOLEAN), CAST(1 AS BOOLEAN), CAST('t' AS BOOLEAN)
  +I[true, true, true]
SELECT * FROM canal
  +I[1, false]
  +I[2, false]
  +I[3, true]
SELECT id, CAST(active AS BOOLEAN) FROM canal_as_text
  +I[1, true]
  +I[2, false]
  +I[3, true]
SELECT * FROM debezium
  +I[1, false]
  +I[2, false]
  +I[3, false]
  +I[4, true]
SELECT * FROM debezium WHERE active
  +I[4, true]
SELECT document FROM documents
  +I[{"price":1.1,"number":1.2345678901234569E23}]
  +I[123456789012345678901234.50]
  +I[{"price":1.10}]
SELECT SUM(size) FROM documents
  +I[1.5]
  -U[1.5]
  +U[Infinity]
SELECT * FROM texts
  refused: Fail to deserialize at field: n.
SELECT * FROM numbers
  refused: Fail to deserialize at field: n.
SEEN
echo "as described"
