import type { Client } from "pg";

/** Writes a nested create, counters, a connect and disconnect of a many-to-many relation, an upsert, and a delete that sets others to NULL. */
export async function write(client: Client, n: number): Promise<void> {
  const author = `'c' || md5($1::text)`;
  await client.query("begin");
  await client.query(
    `insert into prisma."User" ("id", "email", "name", "role", "updatedAt")
     values (${author}, $1::text || '@example.com', $2, $3, now())
     on conflict ("id") do update set "name" = excluded."name", "role" = excluded."role", "updatedAt" = now()`,
    [1 + (n % 80), n % 3 === 0 ? null : `name ${n}`, n % 2 === 0 ? "USER" : "ADMIN"],
  );
  const { rows } = await client.query(
    `insert into prisma."Post" ("title", "content", "rating", "meta", "authorId")
     values ($2, $3, $4, $5, ${author}) returning "id"`,
    [1 + (n % 80), `post ${n}`, "words ".repeat(n % 300), `${n}.125`, JSON.stringify({ n, list: [1, null, "two"] })],
  );
  const post = rows[0].id as number;
  await client.query(`insert into prisma."_CategoryToPost" values ($1, $2), ($3, $2)`, [
    1 + (n % 6),
    post,
    1 + ((n + 1) % 6),
  ]);
  await client.query("commit");

  await client.query(`update prisma."Post" set "views" = "views" + 1 where "id" % 50 = $1`, [n % 50]);
  await client.query(`delete from prisma."_CategoryToPost" where "A" = $1 and "B" = $2`, [1 + (n % 6), post]);
  if (n % 5 === 0)
    await client.query(`update prisma."User" set "roles" = '{ADMIN,USER,NULL}' where "id" = ${author}`, [n]);
  if (n % 10 === 0) await client.query(`delete from prisma."User" where "id" = ${author}`, [1 + ((n * 3) % 80)]);
  if (n % 15 === 0) await client.query(`delete from prisma."Post" where "id" < $1`, [post - 200]);
}
