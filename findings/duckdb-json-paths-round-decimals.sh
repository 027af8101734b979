#!/usr/bin/env bash
# Package:  duckdb 2.0.1 (PyPI), its JSON functions and its reader of JSON lines.
# Input:    a row as Debezium writes it, with numeric columns as JSON numbers: 20 digits before the point and 10 after it, 19 places, and 1.10.
# Guess:    ->> gives the text that the JSON has, as Postgres' does; what is cast to DECIMAL(38, 10) keeps its digits, which fit.
# Found:    a number with a point goes through a double wherever a path is followed or a document is rebuilt, and comes out with zeros for digits:
#           12345678901234567000.0, and 1.10 is 1.1. Cast to DECIMAL(38, 10) that is a wrong amount with no error. So it is with ->, ->>,
#           json() and json_merge_patch, which alter members that the patch does not name, and with a column of the reader that is declared
#           as JSON. As text the reader gives 1.2345678901234567e+19. An integer of 30 digits is kept, and so is a cast of the whole row.
# Way out:  from_json, or the reader, with DECIMAL in the structure; numbers as texts (decimal.handling.mode=string).
# Needs Python 3.10 or newer with venv. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check duckdb==2.0.1 > pip.log 2>&1 || { cat pip.log; exit 1; }
cat > look.py <<'PY'
import duckdb

ROW = '{"a":12345678901234567890.0123456789,"p":0.1234567890123456789,"m":1.10,"i":123456789012345678901234567890}'
db = duckdb.connect()
db.execute("create table t as select ?::json as row, ?::json as texts", [ROW, '{"a":"12345678901234567890.0123456789"}'])
with open("rows.ndjson", "w") as file:
    file.write('{"after":' + ROW + "}\n")
for what in (
    "row::text", "row->>'a'", "row->>'p'", "row->>'m'", "row->>'i'", "(row->>'a')::decimal(38, 10)", "(row->'a')::decimal(38, 10)", "json(row)",
    """json_merge_patch(row, '{"x":1}')""",
    """from_json(row, '{"a":"DECIMAL(38,10)"}').a""", "(texts->>'a')::decimal(38, 10)",
):
    print(what, "is", db.execute(f"select {what} from t").fetchone()[0])
for kind in "json", "struct(a json)", "struct(a text)", "struct(a decimal(38, 10))":
    print("read as", kind, "is", db.execute(f"select after from read_json('rows.ndjson', columns = {{after: '{kind}'}})").fetchone()[0])
PY
timeout 120 python/bin/python look.py | tee seen
diff seen - <<'SEEN' || { echo "changed: decimals in JSON are read otherwise than they were"; exit 1; }
row::text is {"a":12345678901234567890.0123456789,"p":0.1234567890123456789,"m":1.10,"i":123456789012345678901234567890}
row->>'a' is 12345678901234567000.0
row->>'p' is 0.12345678901234568
row->>'m' is 1.1
row->>'i' is 123456789012345678901234567890
(row->>'a')::decimal(38, 10) is 12345678901234567000.0000000000
(row->'a')::decimal(38, 10) is 12345678901234567000.0000000000
json(row) is {"a":12345678901234567000.0,"p":0.12345678901234568,"m":1.1,"i":123456789012345678901234567890}
json_merge_patch(row, '{"x":1}') is {"a":12345678901234567000.0,"p":0.12345678901234568,"m":1.1,"i":123456789012345678901234567890,"x":1}
from_json(row, '{"a":"DECIMAL(38,10)"}').a is 12345678901234567890.0123456789
(texts->>'a')::decimal(38, 10) is 12345678901234567890.0123456789
read as json is {"a":12345678901234567000.0,"p":0.12345678901234568,"m":1.1,"i":123456789012345678901234567890}
read as struct(a json) is {'a': '12345678901234567000.0'}
read as struct(a text) is {'a': '1.2345678901234567e+19'}
read as struct(a decimal(38, 10)) is {'a': Decimal('12345678901234567890.0123456789')}
SEEN
echo "as described"
