#!/usr/bin/env bash
# Package:  org.postgresql:postgresql 42.7.13 (Maven), the JDBC driver.
# Input:    money as PostgreSQL prints it under lc_monetary C or en_US.UTF-8: "-$1.00" for minus one dollar.
# Guess:    PGmoney reads what the server prints, or at least what PGmoney itself prints.
# Found:    it refuses "-$1.00" (PSQLException, conversion of money failed) and takes only the accountants' form "($1.00)",
#           which no server prints under these locales; what it makes of that it prints as "-$1.0", which it refuses in
#           turn. Large amounts pass through a double: $92,233,720,368,547,758.07 loses its cents and more.
# Needs Java 11 or newer and Maven. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
  -Dartifact=org.postgresql:postgresql:42.7.13 -DoutputDirectory=. > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > Look.java <<'JAVA'
import java.sql.SQLException;
import org.postgresql.util.PGmoney;

public class Look {
    public static void main(String[] args) {
        for (String text : new String[] {"$1.00", "-$1.00", "($1.00)", "-$1.0", "$92,233,720,368,547,758.07"}) {
            try {
                System.out.println(text + " -> " + new PGmoney(text).getValue());
            } catch (SQLException e) {
                System.out.println(text + " -> refused");
            }
        }
    }
}
JAVA
java -cp postgresql-42.7.13.jar Look.java | tee seen
diff seen - <<'SEEN' || { echo "changed: PGmoney reads other texts than it did"; exit 1; }
$1.00 -> $1.0
-$1.00 -> refused
($1.00) -> -$1.0
-$1.0 -> refused
$92,233,720,368,547,758.07 -> $9.223372036854776E16
SEEN
echo "as described"
