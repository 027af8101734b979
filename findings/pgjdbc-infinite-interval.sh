#!/usr/bin/env bash
# Package:  org.postgresql:postgresql 42.7.13 (Maven), the JDBC driver that Debezium 3.7 brings.
# Input:    the texts that PostgreSQL 17 and newer print for the intervals 'infinity' and '-infinity'.
# Guess:    PGInterval refuses them with an SQLException, or keeps the word.
# Found:    both are taken without a word for an interval of no time: every field is 0, and the value that it prints is
#           "0 secs". A reader of the object cannot tell infinity, minus infinity and zero apart.
# Needs Java 11 or newer and Maven. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
  -Dartifact=org.postgresql:postgresql:42.7.13 -DoutputDirectory=. > mvn.log 2>&1 || { cat mvn.log; exit 1; }
cat > Look.java <<'JAVA'
import org.postgresql.util.PGInterval;

public class Look {
    public static void main(String[] args) throws Exception {
        for (String text : new String[] {"infinity", "-infinity", "00:00:00", "1 year 2 mons"}) {
            System.out.println(text + " -> " + new PGInterval(text).getValue());
        }
    }
}
JAVA
java -cp postgresql-42.7.13.jar Look.java | tee seen
diff seen - <<'SEEN' || { echo "changed: an infinite interval is no longer read as zero"; exit 1; }
infinity -> 0 secs
-infinity -> 0 secs
00:00:00 -> 0 secs
1 year 2 mons -> 1 years 2 mons
SEEN
echo "as described"
