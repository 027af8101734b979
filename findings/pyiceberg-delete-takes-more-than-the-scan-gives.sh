#!/usr/bin/env bash
# Package:  pyiceberg 0.12.0 (PyPI), by which Python writes tables of Iceberg, with pyarrow 26.0.1 and its catalog in SQLite.
# Input:    a table that was written in three files, of orders whose status is done, open or NULL; a filter "status != 'done'" in a scan, in a
#           delete and in an overwrite.
# Guess:    a delete takes the rows that a scan with the same filter gives, and rows of NULL either all or none, whatever file they are in.
# Found:    the scan gives the two open orders, the delete takes four: of a file in which no order is done it takes every row, those of
#           NULL too, and of a file in which one is done it leaves them. So it hangs on how the rows came into files which orders are
#           lost; written as one file it is as guessed. An overwrite with that filter loses the same ones. With NOT (status = 'done') it is
#           the same. A scan of status not in ('done', 'x') gives all of NULL, and there the delete leaves one of them. Nothing is refused,
#           and nothing warns.
# Way out:  "status != 'done' and status is not null", which is right in both.
# Needs Python 3.10 or newer with venv. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check 'pyiceberg[sql-sqlite]==0.12.0' pyarrow==26.0.1 > pip.log 2>&1 || { cat pip.log; exit 1; }
cat > look.py <<'PY'
import os

import pyarrow as pa
from pyiceberg.catalog.sql import SqlCatalog

catalog = SqlCatalog("look", uri=f"sqlite:///{os.getcwd()}/catalog.db", warehouse=f"file://{os.getcwd()}")
catalog.create_namespace("n")
SCHEMA = pa.schema([("id", pa.int64()), ("status", pa.string())])
FILES = [[(1, "done"), (2, "open"), (3, None)], [(4, "open"), (5, None)], [(6, None)]]
made = 0


def rows(pairs):
    return pa.Table.from_pylist([dict(zip(("id", "status"), pair)) for pair in pairs], schema=SCHEMA)


def table(files):
    global made
    made += 1
    one = catalog.create_table(f"n.t{made}", schema=SCHEMA)
    for pairs in files:
        one.append(rows(pairs))
    return one


def ids(scan):
    return sorted(scan.to_arrow()["id"].to_pylist())


def look(condition, files=FILES):
    one = table(files)
    every = ids(one.scan())
    seen, counted = ids(one.scan(row_filter=condition)), one.scan(row_filter=condition).count()
    one.delete(condition)
    left = ids(one.scan())
    print(f"{condition}, in {len(files)} files: the scan gives {seen}, counts {counted}, the delete takes {sorted(set(every) - set(left))}")


look("status != 'done'")
look("not status = 'done'")
look("status != 'done'", [sum(FILES, [])])
look("status not in ('done', 'x')")
look("status != 'done' and status is not null")
one = table(FILES)
one.overwrite(rows([(7, "open")]), overwrite_filter="status != 'done'")
print("overwritten where status != 'done', left:", ids(one.scan()))
PY
timeout 120 python/bin/python -W error::UserWarning look.py 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: a delete takes other rows of NULL than it did"; exit 1; }
status != 'done', in 3 files: the scan gives [2, 4], counts 2, the delete takes [2, 4, 5, 6]
not status = 'done', in 3 files: the scan gives [2, 4], counts 2, the delete takes [2, 4, 5, 6]
status != 'done', in 1 files: the scan gives [2, 4], counts 2, the delete takes [2, 4]
status not in ('done', 'x'), in 3 files: the scan gives [2, 3, 4, 5, 6], counts 5, the delete takes [2, 4, 5, 6]
status != 'done' and status is not null, in 3 files: the scan gives [2, 4], counts 2, the delete takes [2, 4]
overwritten where status != 'done', left: [1, 3, 7]
SEEN
[ ! -s err.txt ] || { cat err.txt; echo "changed: it says more than it did"; exit 1; }
echo "as described"
