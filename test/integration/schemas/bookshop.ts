import type { Client } from "pg";

const isbn = (n: number): string => String(9780000000001 + (n % 200));

/** Writes an order with its lines and stock in one transaction, a review, and other things that a shop does now and then. */
export async function write(client: Client, n: number): Promise<void> {
  await client.query("begin");
  const { rows } = await client.query(
    `insert into bookshop.orders (customer_id, total)
     select id, $1 from bookshop.customers where email = $2 returning id`,
    [(n % 90) + 0.99, `reader${1 + (n % 50)}@example.com`],
  );
  for (let line = 1; line <= 1 + (n % 4); line++) {
    const values = [rows[0].id, line, isbn(n + line), 1 + (n % 3)];
    await client.query("insert into bookshop.order_lines values ($1, $2, $3, $4)", values);
    await client.query("update bookshop.books set stock = stock - $2 where isbn = $1", [isbn(n + line), 1 + (n % 3)]);
  }
  await client.query("commit");
  await client.query(
    `insert into bookshop.reviews
     select $1, id, $2, $3 from bookshop.customers where email = $4
     on conflict (isbn, customer_id) do update set stars = excluded.stars, text = excluded.text`,
    [isbn(n * 7), 1 + (n % 5), n % 3 === 0 ? null : `review ${n}`, `reader${1 + (n % 50)}@example.com`],
  );
  if (n % 5 === 0) await client.query("update bookshop.orders set state = 'sent' where id = $1", [rows[0].id]);
  if (n % 7 === 0) await client.query("delete from bookshop.orders where id = $1", [rows[0].id]);
  if (n % 11 === 0) {
    const text = `${n} `.repeat(4_000);
    await client.query("update bookshop.books set description = $2 where isbn = $1", [isbn(n), text]);
  }
  if (n % 40 === 0) await client.query("update bookshop.books set price = price * 1.01 where author_id = $1", [n % 20]);
  if (n % 60 === 0) {
    await client.query("update bookshop.books set isbn = $2 where isbn = $1", [isbn(n), "9780000000000"]);
    await client.query("update bookshop.books set isbn = $2 where isbn = $1", ["9780000000000", isbn(n)]);
  }
}
