#!/usr/bin/env bash
# Package:  org.apache.flink:flink-json 2.3.0 (Maven): Flink's formats canal-json and maxwell-json, read by Flink SQL.
# Input:    updates as the two write them, with the whole new row in data and the former values of the changed columns in old. Canal has the two
#           rows of one UPDATE statement in one message: in the first one name and n have changed, in the second one n alone. In Maxwell's update
#           n has changed, and a member "name" of a JSON column doc, which the table in Flink does not have.
# Guess:    a column that is not named in a row's old is as it was: the former row is the new one with the values of its own old.
# Found:    the name is looked for in everything that old has, in the other rows of the message too, and inside of a JSON column. If it is there, the
#           former value is NULL: the second row's, and that of Maxwell's row, is (NULL, n) and not ('x', n). So GROUP BY name keeps what it should
#           take back, and WHERE name = 'x' drops the former row and counts the new one again: of two rows there are three, for good, and no
#           later change mends it. With the second row alone in the message ("apart") its former name is right. Nothing is refused, nor in the log.
# Way out:  table.exec.source.cdc-events-duplicate=true with a PRIMARY KEY, by which Flink finds the former row itself.
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
{"database":"d","table":"t","isDdl":false,"type":"INSERT","data":[{"id":"1","name":"a","n":"1"},{"id":"2","name":"x","n":"10"}],"old":null}
{"database":"d","table":"t","isDdl":false,"type":"UPDATE","data":[{"id":"1","name":"x","n":"2"},{"id":"2","name":"x","n":"11"}],"old":[{"name":"a","n":"1"},{"n":"10"}]}
EVENTS
sed -e '2s/"data":\[{[^}]*},/"data":[/' -e '2s/"old":\[{[^}]*},/"old":[/' canal.json > canal-apart.json
cat > maxwell.json <<'EVENTS'
{"database":"d","table":"t","type":"insert","data":{"id":1,"name":"x","n":1,"doc":{"name":"p"}}}
{"database":"d","table":"t","type":"insert","data":{"id":2,"name":"x","n":10,"doc":{"name":"p"}}}
{"database":"d","table":"t","type":"update","data":{"id":2,"name":"x","n":11,"doc":{"name":"q"}},"old":{"n":10,"doc":{"name":"p"}}}
EVENTS
cat > Look.java <<'JAVA'
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

public class Look {
    public static void main(String[] args) throws Exception {
        TableEnvironment flink = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
        flink.getConfig().set("parallelism.default", "1");
        for (String table : List.of("canal", "maxwell")) {
            flink.executeSql("CREATE TABLE " + table + " (id INT, name STRING, n INT, PRIMARY KEY (id) NOT ENFORCED)"
                    + " WITH ('connector'='filesystem','format'='" + table + "-json','path'='" + Path.of(table + ".json").toUri() + "')");
        }
        flink.executeSql("CREATE TABLE apart WITH ('path'='" + Path.of("canal-apart.json").toUri() + "') LIKE canal (OVERWRITING OPTIONS)");
        for (String table : List.of("canal", "apart", "maxwell")) {
            System.out.println(table);
            for (Row row : rows(flink, "SELECT * FROM " + table)) System.out.println("  " + row);
            counts(flink, table);
        }
        flink.getConfig().set("table.exec.source.cdc-events-duplicate", "true");
        System.out.println("found by their keys");
        counts(flink, "canal");
        counts(flink, "maxwell");
    }

    private static void counts(TableEnvironment flink, String table) throws Exception {
        Row last = null;
        for (Row row : rows(flink, "SELECT COUNT(*), SUM(n) FROM " + table + " WHERE name = 'x'")) last = row;
        System.out.println("  rows of x and their sum of n in the end: " + last.getField(0) + ", " + last.getField(1));
    }

    private static List<Row> rows(TableEnvironment flink, String query) throws Exception {
        List<Row> all = new ArrayList<>();
        try (CloseableIterator<Row> rows = flink.executeSql(query).collect()) {
            rows.forEachRemaining(all::add);
        }
        return all;
    }
}
JAVA
timeout 300 java -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: the former rows of updates are otherwise than they were"; exit 1; }
canal
  +I[1, a, 1]
  +I[2, x, 10]
  -U[1, a, 1]
  +U[1, x, 2]
  -U[2, null, 10]
  +U[2, x, 11]
  rows of x and their sum of n in the end: 3, 23
apart
  +I[1, a, 1]
  +I[2, x, 10]
  -U[2, x, 10]
  +U[2, x, 11]
  rows of x and their sum of n in the end: 1, 11
maxwell
  +I[1, x, 1]
  +I[2, x, 10]
  -U[2, null, 10]
  +U[2, x, 11]
  rows of x and their sum of n in the end: 3, 22
found by their keys
  rows of x and their sum of n in the end: 2, 13
  rows of x and their sum of n in the end: 2, 12
SEEN
echo "as described"
