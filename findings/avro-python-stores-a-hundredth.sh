#!/usr/bin/env bash
# Package:  avro 1.12.2 (PyPI), Apache's own reader and writer of Avro for Python, beside fastavro 1.13.1, which reads what it wrote.
# Input:    amounts under a schema as Debezium has it for numeric(10,2), and one of a fixed size: of fewer places than two, as an integer
#           and a rounded sum have, of no place below ten, and of more digits than the schema has room for.
# Guess:    5 is 5.00, as the column has it; what does not fit is refused, as a third place is ("too large for the schema scale").
# Found:    the digits are written without regard to where the point is: 5 is stored as 0.05, 100 as 1.00, 1.5 as 0.15 and 1E+3 as 0.01,
#           for each reader, while 5.00 is right. Digits beyond the precision are written into bytes, where both readers round them; in a
#           fixed size the upper bits are lost, so that 99999999.99 is 390624.99. Nothing of this is refused. fastavro writes 5 as 5.00, and
#           refuses what is too long.
# Way out:  amount.quantize(Decimal("0.01")) before each write, or fastavro.
# Needs Python 3.10 or newer with venv. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check avro==1.12.2 fastavro==1.13.1 > pip.log 2>&1 || { cat pip.log; exit 1; }
cat > look.py <<'PY'
import io
import json
from decimal import Decimal

import avro.schema
import fastavro
from avro.io import BinaryDecoder, BinaryEncoder, DatumReader, DatumWriter

COLUMN = {"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}
FIXED = {"type": "fixed", "name": "amount", "size": 4, "logicalType": "decimal", "precision": 9, "scale": 2}


def by_avro(schema, amount):
    data = io.BytesIO()
    parsed = avro.schema.parse(json.dumps(schema))
    DatumWriter(parsed).write(amount, BinaryEncoder(data))
    own = DatumReader(parsed).read(BinaryDecoder(io.BytesIO(data.getvalue())))
    return f"read as {own}, by fastavro as {by_fastavro(schema, data.getvalue())}"


def by_fastavro(schema, data):
    return fastavro.schemaless_reader(io.BytesIO(data), fastavro.parse_schema(schema))


def written_by_fastavro(schema, amount):
    data = io.BytesIO()
    fastavro.schemaless_writer(data, fastavro.parse_schema(schema), amount)
    return f"read as {by_fastavro(schema, data.getvalue())}"


def result(write, schema, amount):
    try:
        return write(schema, amount)
    except Exception:
        return "refused"


for name, schema, amounts in (
    ("numeric(10,2)", COLUMN, ("5.00", "5", "1.5", "-7", "100", "1E+3", "1.239", "123456789012.34")),
    ("numeric(9,2) in four bytes", FIXED, ("5.00", "5", "99999999.99")),
):
    for amount in amounts:
        print(f"{name}, {amount}")
        print("  avro:", result(by_avro, schema, Decimal(amount)))
        print("  fastavro:", result(written_by_fastavro, schema, Decimal(amount)))
PY
python/bin/python look.py 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: decimals are written otherwise than they were"; exit 1; }
numeric(10,2), 5.00
  avro: read as 5.00, by fastavro as 5.00
  fastavro: read as 5.00
numeric(10,2), 5
  avro: read as 0.05, by fastavro as 0.05
  fastavro: read as 5.00
numeric(10,2), 1.5
  avro: read as 0.15, by fastavro as 0.15
  fastavro: read as 1.50
numeric(10,2), -7
  avro: read as -0.07, by fastavro as -0.07
  fastavro: read as -7.00
numeric(10,2), 100
  avro: read as 1.00, by fastavro as 1.00
  fastavro: read as 100.00
numeric(10,2), 1E+3
  avro: read as 0.01, by fastavro as 0.01
  fastavro: read as 1000.00
numeric(10,2), 1.239
  avro: refused
  fastavro: refused
numeric(10,2), 123456789012.34
  avro: read as 1.234567890E+11, by fastavro as 1.234567890E+11
  fastavro: refused
numeric(9,2) in four bytes, 5.00
  avro: read as 5.00, by fastavro as 5.00
  fastavro: read as 5.00
numeric(9,2) in four bytes, 5
  avro: read as 0.05, by fastavro as 0.05
  fastavro: read as 5.00
numeric(9,2) in four bytes, 99999999.99
  avro: read as 390624.99, by fastavro as 390624.99
  fastavro: refused
SEEN
echo "as described"
