#!/usr/bin/env bash
# Package:  dbt-core 1.10.13 with dbt-duckdb 1.10.0 on DuckDB 2.0.1 (PyPI): snapshots, which keep the former rows of a copied table.
# Input:    a table with the key (a, b), texts of which some have a "|"; strategy check. Then one row is changed, and another one, whose key reads the
#           same when both texts are put together with "|", is not. Beside it, with strategy timestamp, a row that is deleted, and is back
#           unchanged later.
# Guess:    the history of each key is its own: after each snapshot every row of the source has one row that is valid. At one moment a key has at
#           most one row.
# Found:    ('x|', 'y') and ('x', '|y') have one dbt_scd_id, which is a hash of both texts put together. The change of one ends the valid row of the
#           other too, which is missing from the copy until the next snapshot, and has a gap in its history for good. The row that is back
#           is valid from its updated_at, and not from its return, so that a look at a past moment finds it twice, and joins double what
#           hangs on it. A row with NULL in its key, of which dbt's pages say that there must be none, gets one more valid row at each snapshot.
#           Nothing is refused, and nothing warns.
# Way out:  a key of one column, such as a number that the source has; an updated_at that is set anew when a row comes back.
# Needs Python 3.10 or newer with venv. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check dbt-core==1.10.13 dbt-duckdb==1.10.0 duckdb==2.0.1 > pip.log 2>&1 || { cat pip.log; exit 1; }
mkdir snapshots
cat > dbt_project.yml <<'YML'
name: look
profile: look
flags:
  send_anonymous_usage_stats: false
YML
cat > profiles.yml <<'YML'
look:
  target: here
  outputs:
    here: { type: duckdb, path: look.duckdb, threads: 1 }
YML
cat > snapshots/look.sql <<'SQL'
{% snapshot pairs %}
{{ config(strategy='check', unique_key=['a', 'b'], check_cols=['v'], schema=none) }}
select * from two_keys
{% endsnapshot %}
{% snapshot stamped %}
{{ config(strategy='timestamp', unique_key='id', updated_at='changed', hard_deletes='invalidate') }}
select * from one_key
{% endsnapshot %}
SQL
cat > look.py <<'PY'
import subprocess

import duckdb


def sql(*statements):
    with duckdb.connect("look.duckdb") as db:
        for statement in statements:
            found = db.execute(statement)
        return found.fetchall()


def snapshot(what):
    ran = subprocess.run(["python/bin/dbt", "--quiet", "snapshot", "--profiles-dir", "."], capture_output=True, text=True)
    print(what + ", what it says:", (ran.stdout + ran.stderr).strip() or "nothing")
    for a, b, v, valid in sql("""select a, b, v, (select count(*) from main.pairs p where p.a = s.a and p.b is not distinct from s.b and p.v = s.v
            and dbt_valid_to is null) from two_keys s order by a, b nulls first"""):
        print(f"  {(a, b)!r} {v}: {valid} valid")


sql("create table two_keys (a text, b text, v text)", "create table one_key (id int, v text, changed timestamp)",
    "insert into two_keys values ('n', null, 'v'), ('x|', 'y', 'v'), ('x', '|y', 'v'), ('p', 'q', 'v'), ('p', 'r', 'v')",
    "insert into one_key values (1, 'v', '2020-01-01'), (2, 'v', '2020-01-01')")
snapshot("first")
print("  different dbt_scd_id:", *sql("select count(distinct dbt_scd_id), count(*) from main.pairs")[0])
sql("update two_keys set v = 'w' where a = 'x|' or b = 'q'", "delete from one_key where id = 2")
snapshot("one row of two changed")
sql("insert into one_key values (2, 'v', '2020-01-01')")
snapshot("again")
print("rows of the history that were valid in 2021:", sql("""select id, v from main.stamped where dbt_valid_from <= '2021-01-01'
    and (dbt_valid_to is null or dbt_valid_to > '2021-01-01') order by id"""))
PY
timeout 400 python/bin/python look.py | tee seen
diff seen - <<'SEEN' || { echo "changed: snapshots end other rows than they did"; exit 1; }
first, what it says: nothing
  ('n', None) v: 1 valid
  ('p', 'q') v: 1 valid
  ('p', 'r') v: 1 valid
  ('x', '|y') v: 1 valid
  ('x|', 'y') v: 1 valid
  different dbt_scd_id: 4 5
one row of two changed, what it says: nothing
  ('n', None) v: 2 valid
  ('p', 'q') w: 1 valid
  ('p', 'r') v: 1 valid
  ('x', '|y') v: 0 valid
  ('x|', 'y') w: 1 valid
again, what it says: nothing
  ('n', None) v: 3 valid
  ('p', 'q') w: 1 valid
  ('p', 'r') v: 1 valid
  ('x', '|y') v: 1 valid
  ('x|', 'y') w: 1 valid
rows of the history that were valid in 2021: [(1, 'v'), (2, 'v'), (2, 'v')]
SEEN
echo "as described"
