#!/usr/bin/env bash
# Package:  polars 2.1.0 (PyPI), its two readers of JSON: read_ndjson for lines (a file, or what was taken from a topic) and str.json_decode
#           for a column of texts (as consumers and drivers give them).
# Input:    unwrapped rows whose first 150 are alike, as those before an ALTER TABLE, and a last one with one more column, with a fraction,
#           or with a key beyond 64 bits (numeric, or bigint unsigned); and single values under a type that is stated.
# Guess:    what the types have no room for is refused by either, as read_ndjson says "cannot parse '1.75' (f64) as Int64", and json_decode
#           "extra field in struct data"; digits that Decimal(38, 10) has room for are kept.
# Found:    each lets pass what the other refuses. read_ndjson leaves a later column out, also within a structure. json_decode cuts 1.75
#           to 1, and makes NULL of a key or number beyond the type's range, and of a date that has a time. It reads an amount of 30 digits
#           through a float, so that it is off by more than a hundred, and takes Debezium's microseconds of a time column for nanoseconds:
#           03:04:05 is eleven seconds past midnight. Nothing is warned of.
# Way out:  infer_schema_length=None in both; decimal.handling.mode=string, of which json_decode keeps all digits.
# Needs Python 3.10 or newer with venv. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check polars==2.1.0 > pip.log 2>&1 || { cat pip.log; exit 1; }
cat > look.py <<'PY'
import io
import warnings

import polars as pl

warnings.simplefilter("error")


def read(lines, **options):
    return pl.read_ndjson(io.BytesIO("\n".join(lines).encode()), **options)


def decode(lines, **options):
    return pl.Series(lines).str.json_decode(**options).struct.unnest()


def last(reader, lines, **options):
    try:
        return reader(lines, **options).rows(named=True)[-1]
    except (pl.exceptions.ComputeError, pl.exceptions.SchemaError):
        return "refused"


for what, early, late in (
    ("a column more", '{"id":1}', '{"id":2,"city":"Bonn"}'),
    ("a column more in after", '{"id":1,"after":{"a":1}}', '{"id":2,"after":{"a":1,"city":"Bonn"}}'),
    ("a fraction", '{"id":1,"amount":1}', '{"id":2,"amount":1.75}'),
    ("a larger key", '{"id":1}', '{"id":9223372036854775808}'),
):
    lines = [early] * 150 + [late]
    print(what)
    print("  read_ndjson:", last(read, lines))
    print("  json_decode:", last(decode, lines))
    print("  with infer_schema_length=None:", last(read, lines, infer_schema_length=None), last(decode, lines, infer_schema_length=None))
for kind, text in (
    (pl.Int32, "4294967297"),
    (pl.Int32, "1.9"),
    (pl.Date, '"2026-01-02T03:04:05Z"'),
    (pl.Decimal(38, 10), "12345678901234567890.0123456789"),
    (pl.Decimal(38, 10), '"12345678901234567890.0123456789"'),
):
    line = ['{"x":%s}' % text]
    print(f"{kind}, {text}")
    print("  read_ndjson:", last(read, line, schema={"x": kind}))
    print("  json_decode:", last(decode, line, dtype=pl.Struct({"x": kind})))
micros = 11045123456
print(f"Time, {micros}")
print("  json_decode:", last(decode, ['{"x":%d}' % micros], dtype=pl.Struct({"x": pl.Time})))
PY
python/bin/python look.py 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: what fits no type is handed out otherwise than it was"; exit 1; }
a column more
  read_ndjson: {'id': 2}
  json_decode: refused
  with infer_schema_length=None: {'id': 2, 'city': 'Bonn'} {'id': 2, 'city': 'Bonn'}
a column more in after
  read_ndjson: {'id': 2, 'after': {'a': 1}}
  json_decode: refused
  with infer_schema_length=None: {'id': 2, 'after': {'a': 1, 'city': 'Bonn'}} {'id': 2, 'after': {'a': 1, 'city': 'Bonn'}}
a fraction
  read_ndjson: refused
  json_decode: {'id': 2, 'amount': 1}
  with infer_schema_length=None: {'id': 2, 'amount': 1.75} {'id': 2, 'amount': 1.75}
a larger key
  read_ndjson: refused
  json_decode: {'id': None}
  with infer_schema_length=None: {'id': 9223372036854775808} {'id': '9223372036854775808'}
Int32, 4294967297
  read_ndjson: refused
  json_decode: {'x': None}
Int32, 1.9
  read_ndjson: refused
  json_decode: {'x': 1}
Date, "2026-01-02T03:04:05Z"
  read_ndjson: refused
  json_decode: {'x': None}
Decimal(precision=38, scale=10), 12345678901234567890.0123456789
  read_ndjson: refused
  json_decode: {'x': Decimal('12345678901234567787.7719597056')}
Decimal(precision=38, scale=10), "12345678901234567890.0123456789"
  read_ndjson: refused
  json_decode: {'x': Decimal('12345678901234567890.0123456789')}
Time, 11045123456
  json_decode: {'x': datetime.time(0, 0, 11, 45123)}
SEEN
echo "as described"
