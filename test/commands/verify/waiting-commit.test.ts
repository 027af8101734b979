import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { beginAt } from "../../../commands/verify/moment";
import { isVisible } from "../../../commands/verify/rows/visibility";
import { poll } from "../../../components/poll";
import { clientOptions } from "../../../components/database/client";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";

let server: EmbeddedPostgres;
const clients: Client[] = [];
const connected = async (): Promise<Client> => {
  const client = new Client(clientOptions(server.at()));
  clients.push(client);
  client.on("error", () => undefined);
  await client.connect();
  return client;
};
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE TABLE t (a int)");
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await server.stop();
});

test("a commit that waits for a standby is in the log, and not in the snapshot: its record is told, and does not count", async () => {
  const [reader, other, writer] = [await connected(), await connected(), await connected()];
  await server.query("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
  await server.query("SELECT pg_reload_conf()");
  await poll(
    async () => {
      const { rows } = await writer.query<{ names: string }>(
        "SELECT current_setting('synchronous_standby_names') AS names",
      );
      return rows[0]!.names === "nobody"
        ? { done: true, value: undefined }
        : { done: false, seen: "the setting of before" };
    },
    { what: "the setting", deadlineMs: 10_000, intervalMs: 20 },
  );
  await writer.query("BEGIN");
  const { rows } = await writer.query<{ xid: string }>(
    "INSERT INTO t VALUES (1) RETURNING pg_current_xact_id()::text AS xid",
  );
  const committed = writer.query("COMMIT").catch(() => undefined);
  const { rows: waiting } = await poll(
    async () => {
      const sql = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
      const found = await other.query<{ pid: number }>(sql);
      return found.rows.length === 1 ? { done: true, value: found } : { done: false, seen: "no session that waits" };
    },
    { what: "the commit that waits", deadlineMs: 10_000, intervalMs: 20 },
  );

  const moment = await beginAt(reader, other, []);
  expect((await reader.query("SELECT a FROM t")).rows).toEqual([]);
  const told = { lsn: moment.lsn - 1n, txId: Number(rows[0]!.xid), isSnapshot: false, wasThere: true };
  expect(isVisible(told, moment)).toBe(false);
  expect(isVisible({ ...told, txId: Number(moment.next) + 1 }, moment)).toBe(true);

  await other.query("SELECT pg_cancel_backend($1)", [waiting[0]!.pid]);
  await committed;
  const after = await beginAt(await connected(), other, []);
  expect(isVisible(told, after)).toBe(true);
});
