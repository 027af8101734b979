import type { Client } from "pg";

/** Writes a post with its counter cache, removes and adds tags, and writes a comment with optimistic locking and a soft delete. */
export async function write(client: Client, n: number): Promise<void> {
  const user = 1 + (n % 30);
  await client.query("begin");
  const { rows } = await client.query(
    `insert into rails.posts (user_id, title, body, status, created_at, updated_at)
     values ($1, $2, $3, $4, clock_timestamp(), clock_timestamp()) returning id`,
    [user, `post ${n}`, n % 4 === 0 ? null : "text ".repeat(n % 50), n % 2 === 0 ? null : n % 3],
  );
  const post = rows[0].id as string;
  await client.query("update rails.users set posts_count = posts_count + 1, updated_at = now() where id = $1", [user]);
  await client.query("insert into rails.posts_tags select $1, id from rails.tags where id % 3 = $2", [post, n % 3]);
  await client.query("commit");

  await client.query("delete from rails.posts_tags where post_id = $1 and tag_id % 2 = 0", [post]);
  await client.query("update rails.posts_tags set tag_id = tag_id + 100 where post_id = $1", [post]);
  const comment = await client.query(
    `insert into rails.comments (commentable_type, commentable_id, body, created_at, updated_at)
     values ('Post', $1, $2, now(), now()) returning id, lock_version`,
    [post, `comment ${n}`],
  );
  await client.query(
    `update rails.comments set body = body || '!', lock_version = lock_version + 1
     where id = $1 and lock_version = $2`,
    [comment.rows[0].id, comment.rows[0].lock_version],
  );
  if (n % 6 === 0) {
    const deleted = "update rails.users set deleted_at = case when deleted_at is null then now() end where id = $1";
    await client.query(deleted, [user]);
  }
  if (n % 9 === 0) {
    await client.query("begin");
    await client.query("delete from rails.posts_tags where post_id = $1", [post]);
    await client.query("delete from rails.posts where id = $1", [post]);
    await client.query(n % 2 === 0 ? "rollback" : "commit");
  }
}
