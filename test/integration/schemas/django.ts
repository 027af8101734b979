import type { Client } from "pg";

/** Saves a session, inserts in bulk, gets or creates a row with a savepoint that is rolled back, and changes groups with deferred checks. */
export async function write(client: Client, n: number): Promise<void> {
  const session = `md5($1::text)`;
  await client.query("begin");
  await client.query(
    `insert into django.django_session values (${session}, repeat(md5($1::text), $2), now() + interval '14 days')
     on conflict (session_key) do update set session_data = excluded.session_data, expire_date = excluded.expire_date`,
    [n % 500, n % 100],
  );
  await client.query("update django.auth_user set last_login = clock_timestamp() where id = $1", [1 + (n % 40)]);
  await client.query("commit");

  await client.query(
    `insert into django.django_admin_log
       (action_time, object_id, object_repr, action_flag, user_id, took, attachment, location)
     select clock_timestamp(), nullif(i, 2)::text, 'thing ' || i, i % 3, 1 + i % 40,
       case when i % 2 = 0 then i * interval '1 hour 1 second' end, decode(md5(i::text), 'hex'), i / 3.0
     from generate_series($1::integer, $1::integer + 9) i`,
    [n],
  );
  await client.query("begin");
  await client.query("savepoint get_or_create");
  try {
    await client.query("insert into django.auth_group (name) values ($1)", [`group ${n % 40}`]);
    await client.query("release savepoint get_or_create");
  } catch {
    await client.query("rollback to savepoint get_or_create");
  }
  await client.query("update django.auth_group set name = name where name = $1", [`group ${n % 40}`]);
  await client.query("commit");
  if (n % 8 === 0) {
    await client.query("begin");
    await client.query("delete from django.auth_user_groups where user_id = $1", [1 + (n % 40)]);
    await client.query("insert into django.auth_user_groups (user_id, group_id) values ($1, $2)", [
      1 + (n % 40),
      1 + (n % 5),
    ]);
    await client.query("commit");
  }
  if (n % 20 === 0) {
    await client.query(`delete from django.django_session where session_key = ${session}`, [(n + 250) % 500]);
    await client.query("delete from django.django_admin_log where id % 17 = $1", [n % 17]);
  }
}
