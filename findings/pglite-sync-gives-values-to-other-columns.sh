#!/usr/bin/env bash
# Package:  @electric-sql/pglite-sync 0.6.1 with @electric-sql/pglite 0.5.1 (npm), which follows a shape of Electric (Postgres' changes over HTTP) into a
#           local Postgres in WebAssembly. The shape comes from a server of a few lines that answers as Electric's protocol has it.
# Input:    three people, whose first copy is taken by each initialInsertMethod: insert, the default, json and csv. The shape has the columns id, email and
#           setting (jsonb); the local table has a column name beside them, before email. The settings are the texts "5" and "null", and JSON's null.
# Guess:    the method changes the speed alone. A value is in the column of its name, and a jsonb column holds what the source's holds.
# Found:    json inserts by the position: the email is in name, the setting is in email as a text, and setting is NULL. Other types would refuse them. By
#           each method jsonb loses the quotes: the text "5" is the number 5, "null" is JSON's null, and JSON's null is NULL. A later insert and
#           an update lose them too; their columns are right. Nothing is logged.
# Way out:  insert or csv; for jsonb a parser of the shape's own that leaves it as a text: parser: { jsonb: (text) => text }, as below.
# Needs Node.js 20 or newer. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-fund --no-audit --no-save --prefix "$work" @electric-sql/pglite-sync@0.6.1 @electric-sql/pglite@0.5.1 > npm.log 2>&1 \
  || { cat npm.log; exit 1; }
cat > look.mjs <<'JS'
import { createServer } from "node:http";
import { PGlite } from "@electric-sql/pglite";
import { electricSync } from "@electric-sql/pglite-sync";

const TYPES = { id: { type: "int4", pk_index: 0, not_null: true }, email: { type: "text" }, setting: { type: "jsonb" } };
const person = (operation, id, email, setting) => ({
  key: `"public"."people"/"${id}"`,
  headers: { operation, relation: ["public", "people"], ...(operation === "update" || id > 3 ? { lsn: "200", last: operation === "update" } : {}) },
  value: { id: String(id), email, setting },
});
const FIRST = [person("insert", 1, "ann@example.org", '"5"'), person("insert", 2, "bob@example.org", '"null"'), person("insert", 3, "cy@example.org", "null")];
const LATER = [person("insert", 4, "di@example.org", '"6"'), person("update", 1, "ann@example.com", '"7"')];
const upToDate = (lsn) => ({ headers: { control: "up-to-date", global_last_seen_lsn: lsn } });

/** What Electric answers from each position on: the first copy, its end, later changes; then nothing for a long time. */
const ANSWERS = { "-1": ["0_0", FIRST], "0_0": ["1_0", [upToDate("100")]], "1_0": ["2_0", [...LATER, upToDate("200")]] };
const server = createServer((request, response) => {
  const answer = ANSWERS[new URL(request.url, "http://localhost").searchParams.get("offset")];
  if (answer === undefined) return;
  const [offset, messages] = answer;
  response.writeHead(200, {
    "content-type": "application/json", "electric-handle": "1", "electric-offset": offset, "electric-cursor": "1",
    "electric-schema": JSON.stringify(TYPES), ...(offset === "0_0" ? {} : { "electric-up-to-date": "" }),
  });
  response.end(JSON.stringify(messages));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

async function look(what, initialInsertMethod, more = {}) {
  const db = await PGlite.create({ extensions: { electric: electricSync() } });
  await db.exec("create table people (id int primary key, name text, email text, setting jsonb)");
  const shape = await db.electric.syncShapeToTable({
    shape: { url: `http://127.0.0.1:${server.address().port}/v1/shape`, params: { table: "people", columns: Object.keys(TYPES) }, ...more },
    table: "people", primaryKey: ["id"], shapeKey: null, initialInsertMethod,
  });
  const rows = async () => (await db.query("select id, name, email, jsonb_typeof(setting) as type, setting::text as text from people order by id")).rows;
  while ((await rows()).length < 4) await new Promise((resolve) => setTimeout(resolve, 50));
  console.log(`${what}:`);
  for (const { id, name, email, type, text } of await rows()) console.log(`  ${id}: name ${name}, email ${email}, setting ${type === null ? "NULL" : `${type} ${text}`}`);
  shape.unsubscribe();
}

const shown = process.argv[2];
process.on("unhandledRejection", (error) => (console.log(`${shown}: ${error.message}`), process.exit(0)));
await look(shown, shown.split(",")[0], shown.includes("parser") ? { parser: { jsonb: (text) => text } } : {});
process.exit(0);
JS
for method in insert json csv "insert, with a parser"; do timeout 280 node look.mjs "$method"; done | tee seen
diff seen - <<'SEEN' || { echo "changed: values come to other columns, or as other types, than they did"; exit 1; }
insert:
  1: name null, email ann@example.com, setting number 7
  2: name null, email bob@example.org, setting null null
  3: name null, email cy@example.org, setting NULL
  4: name null, email di@example.org, setting number 6
json:
  1: name ann@example.org, email ann@example.com, setting number 7
  2: name bob@example.org, email "null", setting NULL
  3: name cy@example.org, email null, setting NULL
  4: name null, email di@example.org, setting number 6
csv:
  1: name null, email ann@example.com, setting number 7
  2: name null, email bob@example.org, setting null null
  3: name null, email cy@example.org, setting NULL
  4: name null, email di@example.org, setting number 6
insert, with a parser:
  1: name null, email ann@example.com, setting string "7"
  2: name null, email bob@example.org, setting string "null"
  3: name null, email cy@example.org, setting null null
  4: name null, email di@example.org, setting string "6"
SEEN
echo "as described"
