#!/usr/bin/env bash
# Package:  chdb 4.4.0 with chdb-core 26.9.0 (PyPI), which is ClickHouse 26.9.2 in a process, with its default settings.
# Input:    rows as a topic of unwrapped rows holds them, read as JSONEachRow: numbers beyond their column's type, days beyond it, a third
#           decimal place, and NULL for a column that has none.
# Guess:    what does not fit is refused, as too many digits before the point are, and a sign in an unsigned column; or is NULL in a column
#           that may be.
# Found:    it is stored as something else without a word. An integer wraps around: 4294967297 as Int32 is 1, which as a key is another
#           row's, so that a ReplacingMergeTree drops that row; 9223372036854775808 is the least Int64. A column that may be NULL has the
#           wrapped number. 1.239 as Decimal(10, 2) is cut to 1.23. A day is moved to the type's first or last one. NULL is 0, '' or 1970-01-01,
#           with input_format_null_as_default=0 as well. JSONExtract to Decimal(38, 10) goes through a float, though the digits would fit,
#           and JSONExtractRaw gives a text that the JSON does not have.
# Way out:  types as wide as the database's (Int64, Date32, DateTime64, Nullable); large decimals as texts (decimal.handling.mode=string), of
#           which JSONExtract keeps all digits.
# Needs Python 3.10 or newer with venv. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check chdb==4.4.0 chdb-core==26.9.0 > pip.log 2>&1 || { cat pip.log; exit 1; }
cat > look.py <<'PY'
from chdb.session import Session

db = Session()


def sql(text):
    try:
        return str(db.query(text, "TSV")).strip()
    except Exception as error:
        return "refused: " + str(error).splitlines()[0].split("DB::Exception: ")[1].split(":")[0]


print("ClickHouse", sql("select version()"))
sql("create database look")
for kind, value in (
    ("Int32", "4294967297"), ("Int32", "2147483648"), ("Nullable(Int32)", "4294967295"), ("UInt8", "300"), ("UInt8", "-1"),
    ("Int64", "9223372036854775808"), ("Decimal(10, 2)", "1.239"), ("Decimal(10, 2)", "99999999999.00"),
    ("Date", '"1969-12-31"'), ("Date", '"2150-01-01"'), ("DateTime('UTC')", '"1969-12-31 23:59:59"'), ("DateTime('UTC')", '"2200-01-01 00:00:00"'),
    ("Date32", '"1969-12-31"'), ("DateTime64(6, 'UTC')", '"1969-12-31 23:59:59.123456"'),
    ("Int64", "4294967297"), ("Int32", "null"), ("String", "null"), ("Date", "null"), ("Nullable(Int32)", "null"),
):
    sql(f"create or replace table look.t (v {kind}) engine = Memory")
    said = sql('insert into look.t format JSONEachRow {"v":' + value + "}")
    print(f"{kind} {value}:", said or repr(sql("select v from look.t")))
sql("create or replace table look.t (v Int32) engine = Memory")
sql('insert into look.t settings input_format_null_as_default=0 format JSONEachRow {"v":null}')
print("Int32 null with input_format_null_as_default=0:", sql("select v from look.t"))
sql("create table look.rows (id Int32, name String) engine = ReplacingMergeTree order by id")
for row in '{"id":1,"name":"first"}', '{"id":4294967297,"name":"other"}':
    sql("insert into look.rows format JSONEachRow " + row)
print("rows:", sql("select id, name from look.rows final"))
for what in (
    "JSONExtract('{\"n\":12345678901234567890.0123456789}', 'n', 'Decimal(38, 10)')",
    "JSONExtractRaw('{\"n\":12345678901234567890.0123456789}', 'n')",
    "JSONExtract('{\"n\":\"12345678901234567890.0123456789\"}', 'n', 'Decimal(38, 10)')",
):
    print(what, "is", sql("select " + what))
PY
timeout 120 python/bin/python look.py 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: what does not fit is stored otherwise than it was"; exit 1; }
ClickHouse 26.9.2.1
Int32 4294967297: '1'
Int32 2147483648: '-2147483648'
Nullable(Int32) 4294967295: '-1'
UInt8 300: '44'
UInt8 -1: refused: Unsigned type must not contain '-' symbol
Int64 9223372036854775808: '-9223372036854775808'
Decimal(10, 2) 1.239: '1.23'
Decimal(10, 2) 99999999999.00: refused: Too many digits (11 > 10) in decimal value
Date "1969-12-31": '1970-01-01'
Date "2150-01-01": '2149-06-06'
DateTime('UTC') "1969-12-31 23:59:59": '1970-01-01 00:00:00'
DateTime('UTC') "2200-01-01 00:00:00": '2106-02-07 06:28:15'
Date32 "1969-12-31": '1969-12-31'
DateTime64(6, 'UTC') "1969-12-31 23:59:59.123456": '1969-12-31 23:59:59.123456'
Int64 4294967297: '4294967297'
Int32 null: '0'
String null: ''
Date null: '1970-01-01'
Nullable(Int32) null: '\\N'
Int32 null with input_format_null_as_default=0: 0
rows: 1	other
JSONExtract('{"n":12345678901234567890.0123456789}', 'n', 'Decimal(38, 10)') is 12345678901234567000
JSONExtractRaw('{"n":12345678901234567890.0123456789}', 'n') is 12345678901234567000
JSONExtract('{"n":"12345678901234567890.0123456789"}', 'n', 'Decimal(38, 10)') is 12345678901234567890.0123456789
SEEN
echo "as described"
