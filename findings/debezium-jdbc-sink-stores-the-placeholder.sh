#!/usr/bin/env bash
# Package:  io.debezium:debezium-connector-jdbc 3.5.0.Final (Maven): Debezium's own sink, here into H2 2.3.232.
# Input:    an update as Debezium's own Postgres connector writes it under the default replica identity: a number was changed,
#           and a large text and a large bytea were not, so they hold the connector's placeholder.
# Guess:    the sink knows the placeholder of its own project and leaves such columns out of the UPDATE.
# Found:    it knows nothing of it. The text __debezium_unavailable_value is written over the good text, and its bytes over the good
#           bytes. No setting of the sink names it, nothing is in the log, and the next update that touches the column hides it.
# Way out:  REPLICA IDENTITY FULL for tables with large columns, or the connector's post processor ReselectColumnsPostProcessor.
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
    <dependency><groupId>io.debezium</groupId><artifactId>debezium-connector-jdbc</artifactId><version>3.5.0.Final</version></dependency>
    <dependency><groupId>io.debezium</groupId><artifactId>debezium-embedded</artifactId><version>3.5.0.Final</version></dependency>
    <dependency><groupId>com.h2database</groupId><artifactId>h2</artifactId><version>2.3.232</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > Look.java <<'JAVA'
import io.debezium.connector.jdbc.JdbcSinkConnectorTask;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

public class Look {
    private static final String UNTOUCHED = "__debezium_unavailable_value";
    private static final String URL = "jdbc:h2:mem:target;DB_CLOSE_DELAY=-1;DATABASE_TO_UPPER=FALSE";
    private static final Schema KEY = SchemaBuilder.struct().name("s.public.t.Key").field("id", Schema.INT32_SCHEMA).build();
    private static final Schema ROW = SchemaBuilder.struct().name("s.public.t.Value").field("id", Schema.INT32_SCHEMA)
            .field("n", Schema.OPTIONAL_INT32_SCHEMA).field("body", Schema.OPTIONAL_STRING_SCHEMA)
            .field("picture", Schema.OPTIONAL_BYTES_SCHEMA).optional().build();
    private static final Schema SOURCE = SchemaBuilder.struct().name("source").field("table", Schema.STRING_SCHEMA).build();
    private static final Schema ENVELOPE = SchemaBuilder.struct().name("s.public.t.Envelope").version(1).field("before", ROW)
            .field("after", ROW).field("source", SOURCE).field("op", Schema.STRING_SCHEMA)
            .field("ts_ms", Schema.OPTIONAL_INT64_SCHEMA).build();

    public static void main(String[] args) throws Exception {
        try (Connection target = DriverManager.getConnection(URL, "look", "look"); Statement sql = target.createStatement()) {
            sql.execute("CREATE TABLE t (id INT PRIMARY KEY, n INT, body VARCHAR, picture VARBINARY)");
            sql.execute("INSERT INTO t VALUES (1, 0, 'a large text', X'61206c6172676520706963747572650a')");
            show("before", sql);
            JdbcSinkConnectorTask sink = new JdbcSinkConnectorTask();
            sink.initialize((SinkTaskContext) Proxy.newProxyInstance(Look.class.getClassLoader(), new Class<?>[]{ SinkTaskContext.class },
                    (self, method, given) -> method.getReturnType() == Set.class ? Set.of() : null));
            sink.start(Map.of("name", "look", "topics", "s.public.t", "connection.url", URL, "connection.username", "look",
                    "connection.password", "look", "insert.mode", "update", "primary.key.mode", "record_key",
                    "collection.name.format", "t"));
            Struct after = new Struct(ROW).put("id", 1).put("n", 1).put("body", UNTOUCHED)
                    .put("picture", UNTOUCHED.getBytes(StandardCharsets.UTF_8));
            Struct update = new Struct(ENVELOPE).put("after", after).put("source", new Struct(SOURCE).put("table", "t"))
                    .put("op", "u").put("ts_ms", 1L);
            sink.put(List.of(new SinkRecord("s.public.t", 0, KEY, new Struct(KEY).put("id", 1), ENVELOPE, update, 0)));
            sink.put(List.of()); // an error of the first put is thrown by the next one
            show("after", sql);
            sink.stop();
        }
    }

    private static void show(String when, Statement sql) throws Exception {
        try (ResultSet row = sql.executeQuery("SELECT n, body, picture FROM t")) {
            row.next();
            System.out.println(when + ": n=" + row.getInt(1) + ", body=" + row.getString(2) + ", picture="
                    + new String(row.getBytes(3), StandardCharsets.UTF_8).trim());
        }
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: untouched columns are written otherwise than they were"; exit 1; }
before: n=0, body=a large text, picture=a large picture
after: n=1, body=__debezium_unavailable_value, picture=__debezium_unavailable_value
SEEN
echo "as described"
