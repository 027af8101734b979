import type { Client } from "pg";

/**
 * Appends events with optimistic concurrency, which fails now and then, writes an outbox row and deletes it at once, and updates a checkpoint and a
 * log.
 */
export async function write(client: Client, n: number): Promise<void> {
  const stream = [1 + (n % 50)];
  await client.query("begin");
  const { rows } = await client.query(
    "update events.streams set version = version + 1 where id = md5($1::text)::uuid returning version",
    stream,
  );
  const version = rows[0].version as number;
  await client.query(
    `insert into events.events (stream_id, version, type, payload, metadata) values (md5($1::text)::uuid, $2, $3, $4, $5)`,
    [stream[0], version, "added", JSON.stringify({ n, text: "é\\u0000".repeat(n % 9) }), '{"a": 1,  "a": 2}'],
  );
  await client.query("savepoint again");
  try {
    const twice =
      "insert into events.events (stream_id, version, type, payload) values (md5($1::text)::uuid, $2, 'x', '{}')";
    await client.query(twice, [stream[0], version]);
  } catch {
    await client.query("rollback to savepoint again");
  }
  const { rows: sent } = await client.query(
    "insert into events.outbox (topic, body, headers) values ('carts', $1, $2) returning id",
    [
      JSON.stringify({ n }),
      [
        ["k", "v"],
        ["n", String(n)],
      ],
    ],
  );
  await client.query("commit");
  await client.query("delete from events.outbox where id = $1", [sent[0].id]);

  await client.query(
    `update events.projections set position = pg_current_wal_lsn(), seen = pg_current_xact_id(),
       done = int8range(0, $1, '[]'), gaps = gaps + int8multirange(int8range($1, $1 + 1))
     where name = 'carts'`,
    [n * 3],
  );
  await client.query("insert into events.log (level, line) values ($1, $2)", [
    n % 4 === 0 ? null : "warn",
    `line ${n}`,
  ]);
  if (n % 3 === 0) {
    await client.query(
      `insert into events.snapshots values (md5($1::text)::uuid, $2, decode(repeat(md5($2::integer::text), $3), 'hex'))
       on conflict (stream_id) do update set version = excluded.version, state = excluded.state`,
      [stream[0], version, 1 + (n % 400)],
    );
  }
  if (n % 25 === 0) await client.query("delete from events.log where line like $1", [`line %${n % 10}`]);
  if (n % 25 === 10) await client.query("update events.log set level = 'old' where level = 'warn'");
  if (n % 200 === 0) await client.query("update events.projections set gaps = '{}'");
  if (n % 300 === 0) await client.query("truncate events.outbox, events.log");
}
