#!/usr/bin/env bash
# Package:  pg8000 1.31.6 (PyPI), the driver of SQLAlchemy's postgresql+pg8000 and of cloud connectors.
# Input:    negative intervals as Postgres sends them with its default intervalstyle.
# Guess:    each is read with its sign, or refused.
# Found:    the sign before the time belongs to all of it, and pg8000 gives it to the hours alone. With 00 hours it is lost:
#           -00:30:00 becomes plus 30 minutes. With others, minutes and seconds are added instead of taken away: -04:05:06
#           becomes minus 3 h 54 min 54 s. Nothing is an error, and written back the database holds the other interval.
# Way out:  read extract(epoch from …), or the interval as text.
# Needs Python 3.10 or newer with venv. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python > venv.log 2>&1 || { cat venv.log; exit 1; }
python/bin/pip install --quiet pg8000==1.31.6 > pip.log 2>&1 || { cat pip.log; exit 1; }
cat > look.py <<'PYTHON'
from pg8000.converters import INTERVAL, PG_TYPES

read = PG_TYPES[INTERVAL]
for text in ["00:30:00", "-00:30:00", "-04:05:06", "-1 days -00:30:00", "1 mon -00:30:00"]:
    value = read(text)
    print(text, "is", value.total_seconds() if hasattr(value, "total_seconds") else value)
PYTHON
python/bin/python look.py | tee seen
diff seen - <<'SEEN' || { echo "changed: intervals are read otherwise than they were"; exit 1; }
00:30:00 is 1800.0
-00:30:00 is 1800.0
-04:05:06 is -14094.0
-1 days -00:30:00 is -84600.0
1 mon -00:30:00 is 1 months 30 minutes
SEEN
echo "as described"
