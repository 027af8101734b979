import type { Client } from "pg";

/** Writes as the application's own role, which sees one tenant at a time. */
export async function write(client: Client, n: number): Promise<void> {
  await client.query("begin");
  await client.query("set local role tenant_app");
  await client.query("select set_config('app.tenant', md5($1::text)::uuid::text, true)", [1 + (n % 10)]);
  await client.query("insert into tenants.accounts (owner, balance, network) values ($1, $2, $3)", [
    n % 5 === 0 ? null : `owner ${n}`,
    n % 13 === 0 ? "NaN" : `${n}.00`,
    n % 2 === 0 ? null : `10.${n % 256}.0.0/16`,
  ]);
  await client.query("update tenants.accounts set balance = balance + 0.10 where id % 7 = $1", [n % 7]);
  await client.query(
    "insert into tenants.bookings (during, room) values (tstzrange(now(), now() + interval '1 h'), $1)",
    [n % 3 === 0 ? null : `room ${n}`],
  );
  await client.query("insert into tenants.notes (note) values ($1)", [`note ${n % 20}`]);
  if (n % 4 === 0) await client.query("delete from tenants.notes where note = $1", [`note ${n % 20}`]);
  if (n % 6 === 0) await client.query("update tenants.notes set note = null where note = $1", [`note ${(n + 1) % 20}`]);
  if (n % 10 === 0) await client.query("delete from tenants.accounts where id % 11 = $1", [n % 11]);
  await client.query("update tenants.tenants set plan = $1", [n % 3 === 0 ? null : `plan ${n}`]);
  await client.query("commit");
}
