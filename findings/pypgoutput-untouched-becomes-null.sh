#!/usr/bin/env bash
# Package:  pypgoutput 0.0.3 (PyPI), a reader of Postgres' logical replication for Python.
# Input:    two UPDATE messages of pgoutput, built as the protocol describes them: one sets a large column to NULL, the other
#           does not touch it, so that Postgres sends 'u' (unchanged TOASTed value) and not the value.
# Guess:    the decoder leaves an untouched column out of the row, or marks it.
# Found:    the decoder knows the two apart, and the row made of its result does not: both have None. A copy kept from
#           these rows overwrites each large value with NULL at the first update of another column. Numeric columns become
#           Python floats: 12345678901234567890.0123456789 has 17 digits left.
# Needs Python 3.8 or newer with venv, a C compiler and libpq's headers (for psycopg2). Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet pypgoutput==0.0.3 psycopg2==2.9.13 pydantic==2.14.4 > pip.log 2>&1 || { cat pip.log; exit 1; }
cat > look.py <<'PYTHON'
import struct
from types import SimpleNamespace

from pypgoutput import decoders, reader


def text(value):
    return b"t" + struct.pack(">i", len(value)) + value.encode()


def update(*columns):
    return b"U" + struct.pack(">i", 1) + b"N" + struct.pack(">h", len(columns)) + b"".join(columns)


table = SimpleNamespace(column_definitions=[SimpleNamespace(name=name) for name in ("id", "body")])
for what, body in (("set to NULL", b"n"), ("untouched", b"u")):
    row = decoders.Update(update(text("1"), body)).new_tuple
    print(what, row.column_data[1].col_data_category, dict(reader.map_tuple_to_dict(row, table)))
number = reader.convert_pg_type_to_py_type("numeric(30,10)")
print("numeric", number("12345678901234567890.0123456789"))
PYTHON
env/bin/python look.py | tee seen
diff seen - <<'SEEN' || { echo "changed: untouched columns or numerics are read otherwise than they were"; exit 1; }
set to NULL n {'id': '1', 'body': None}
untouched u {'id': '1', 'body': None}
numeric 1.2345678901234567e+19
SEEN
echo "as described"
