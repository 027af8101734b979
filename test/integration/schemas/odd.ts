import type { Client } from "pg";

const KEYLESS = ["some_rows", "may_be_null", "null_once", "second_index", "at_the_end", "computed", "carried"];
const KEYED = ["by_float", "by_array", "by_pair", "by_mood", "by_json", "by_time", "by_text", "names", "holes"];

/** Writes to every row, swaps two rows, and sets columns with defaults to NULL. */
export async function write(client: Client, n: number): Promise<void> {
  const keyless = KEYLESS[n % KEYLESS.length]!;
  const keyed = KEYED[n % KEYED.length]!;
  const text = keyed === "names" ? '"tab\tulator"' : "v";
  await client.query(`update odd.${keyed} set ${text} = $1`, [`step ${n}`]);
  // Only one of the rows can be in the partial index.
  if (keyless === "some_rows") await client.query("update odd.some_rows set v = $1 where v is not null", [`step ${n}`]);
  else await client.query(`update odd.${keyless} set v = $1`, [`step ${n}`]);
  await client.query(n % 2 === 0 ? "update odd.ranks set rank = rank + 1" : "update odd.ranks set rank = rank - 1");
  await client.query("update odd.at_the_end set id = 3 - id");
  await client.query("insert into odd.some_rows values (1, null)");
  if (n % 3 === 0) await client.query("delete from odd.some_rows where ctid = (select min(ctid) from odd.some_rows)");
  await client.query("insert into odd.names (id, \"__proto__\", op) values ($1, 'proto', 'c')", [n + 1]);
  await client.query("delete from odd.names where id = $1", [n]);
  await client.query("insert into odd.one_column values ($1)", [n]);
  await client.query("update odd.one_column set id = -$1::int - 1 where id = $1", [n]);
  await client.query("insert into odd.defaults (p) values ($1)", [n]);
  await client.query(
    "update odd.defaults set mood = null, pair = null, span = null, bytes = null, at = null, time = null, n = null, gap = null, " +
      "bits = null, money = null, place = null, yes = null, f = 0 where id = $1",
    [n],
  );
}
