import type { Client } from "pg";

/** Writes samples in bulk, updates an aggregate, moves rows to another partition, and adds a partition now and then. */
export async function write(client: Client, n: number): Promise<void> {
  await client.query(
    `insert into metrics.samples
     select s, timestamptz '2027-01-01Z' + $1 * interval '1 second', sin($1 + s), null, ($1 + s)::integer::bit(4), null
     from generate_series(1, 20) s`,
    [n],
  );
  await client.query(
    `insert into metrics.hourly values ($1, timestamptz '2026-01-01Z' + $2 * interval '1 hour', $3, array[$2]::integer[])
     on conflict (region, hour) do update set average = excluded.average, histogram = hourly.histogram || excluded.histogram`,
    [["eu", "us", "ca"][n % 3], n % 300, n / 9],
  );
  await client.query("update metrics.sensors set settings[2] = $2 where id = $1", [1 + (n % 20), n / 3]);
  if (n % 10 === 0) {
    // Moves a row from one partition to another. The storage sees a delete and an insert, the application one row.
    await client.query(
      `update metrics.samples set at = at - interval '1 year', low = 0.1
       where sensor = $1 and at >= '2026-01-01' and at < '2026-01-03'`,
      [n % 20],
    );
    await client.query(
      "delete from metrics.samples where at > '2027-01-01' and at <= timestamptz '2027-01-01Z' + $1 * interval '1 second'",
      [n - 50],
    );
  }
  if (n % 500 === 0) {
    const year = 2030 + n / 500;
    await client.query(
      `create table metrics.samples_${year} partition of metrics.samples for values from ('${year}-01-01') to ('${year + 1}-01-01')`,
    );
    await client.query(`insert into metrics.samples values (1, '${year}-06-01', 1, 2, b'0001', null)`);
  }
}
