#!/usr/bin/env bash
# Package:  dlt 1.31.0 (PyPI), which loads rows into warehouses, with duckdb 2.0.1 as the warehouse; write_disposition="merge" by a primary key.
# Input:    rows as changes of Postgres have them: two changes of row 1 in a run, the older one first; a numeric of 20 places; two columns
#           "userId" and user_id; a text column that holds a moment in the first row and a word in the next one.
# Guess:    the last change of a row wins, or the two are refused; a number keeps its digits; two columns are two, or are refused; a text
#           stays a text.
# Found:    the first change wins and the later one is dropped; in two runs the later one wins. The numeric is rounded to 9 places. Of
#           "userId" and user_id there is one column, which has the later one's value. The text column becomes a timestamp, and the word is not in it
#           but in a column of its own, note__v_text, so that note is NULL for that row. No run fails.
# Way out:  a column hint dedup_sort for the position; hints for the types (data_type text, or decimal with precision and scale);
#           one name for a column.
# Needs Python 3.10 or newer with venv. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check "dlt[duckdb]==1.31.0" duckdb==2.0.1 > pip.log 2>&1 || { cat pip.log; exit 1; }
cat > look.py <<'PY'
from decimal import Decimal

import dlt
import duckdb

PLACE = {"place": {"dedup_sort": "desc"}}
TYPED = {"note": {"data_type": "text"}, "n": {"data_type": "decimal", "precision": 38, "scale": 20}}


def look(name, *runs, columns=None):
    pipeline = dlt.pipeline(name, pipelines_dir="state", dataset_name="d", destination=dlt.destinations.duckdb(f"{name}.duckdb"))
    for rows in runs:
        pipeline.run(dlt.resource(rows, name="t", primary_key="id", write_disposition="merge", columns=columns)).raise_on_failed_jobs()
    with duckdb.connect(f"{name}.duckdb", read_only=True) as db:
        result = db.execute("select * exclude (_dlt_load_id, _dlt_id) from d.t order by id")
        names = [column[0] for column in result.description]
        for row in result.fetchall():
            print(name + ":", ", ".join(f"{key} {value}" for key, value in zip(names, row)))


OLDER, NEWER = {"id": 1, "place": 1, "name": "older"}, {"id": 1, "place": 2, "name": "newer"}
look("one_run", [OLDER, NEWER])
look("two_runs", [OLDER], [NEWER])
look("with_dedup_sort", [OLDER, NEWER], columns=PLACE)
VALUES = [{"id": 1, "n": Decimal("0.12345678901234567890"), "note": "2026-01-01T10:00:00Z"}, {"id": 2, "n": Decimal(1), "note": "later"}]
look("guessed", VALUES)
look("typed", VALUES, columns=TYPED)
look("names", [{"id": 1, "userId": "of userId", "user_id": "of user_id"}])
look("names_turned", [{"id": 1, "user_id": "of user_id", "userId": "of userId"}])
PY
export RUNTIME__DLTHUB_TELEMETRY=false TZ=UTC
timeout 200 python/bin/python look.py 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: of two changes another one wins, or values are stored otherwise"; exit 1; }
one_run: id 1, place 1, name older
two_runs: id 1, place 2, name newer
with_dedup_sort: id 1, place 2, name newer
guessed: id 1, n 0.123456789, note 2026-01-01 10:00:00+00:00, note__v_text None
guessed: id 2, n 1.000000000, note None, note__v_text later
typed: note 2026-01-01T10:00:00Z, n 0.12345678901234567890, id 1
typed: note later, n 1.00000000000000000000, id 2
names: id 1, user_id of user_id
names_turned: id 1, user_id of userId
SEEN
echo "as described"
