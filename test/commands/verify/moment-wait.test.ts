import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { awaitSlot } from "../../../commands/verify/moment";
import { momentOf } from "../../../commands/verify/rows/visibility";
import { clientOptions } from "../../../components/database/client";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";

const SLOT = "waited_for";
const DEADLINE_MS = 1500;
let server: EmbeddedPostgres;
let client: Client;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE TABLE t (a int)");
  client = new Client(clientOptions(server.at()));
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await server.stop();
});

const position = async (): Promise<bigint> => {
  const rows = await server.query<{ at: string }>("SELECT (pg_current_wal_insert_lsn() - '0/0')::text AS at");
  return BigInt(rows[0]!.at);
};

test("a slot that gets on is waited for beyond the deadline; one that stands still is given up, with how far it is", async () => {
  await server.query(`SELECT pg_create_logical_replication_slot('${SLOT}', 'pgoutput')`);
  const steps: bigint[] = [];
  for (let i = 0; i < 6; i++) {
    await server.query("INSERT INTO t VALUES (1)");
    steps.push(await position());
  }
  const moment = momentOf("1:1:", steps.at(-1)!, 1n);
  const begun = Date.now();
  let isOver = false;
  const wait = awaitSlot(client, SLOT, moment, DEADLINE_MS).finally(() => (isOver = true));
  for (const at of steps) {
    await server.query("SELECT pg_sleep(0.5)");
    if (isOver) break;
    await server.query(`SELECT pg_replication_slot_advance('${SLOT}', '0/0'::pg_lsn + ${at})`);
  }
  await wait;
  expect(Date.now() - begun).toBeGreaterThan(DEADLINE_MS);

  await server.query("INSERT INTO t VALUES (1)");
  const further = momentOf("1:1:", (await position()) + 8n, 1n);
  await expect(awaitSlot(client, SLOT, further, 200)).rejects.toThrow(
    /^Waited 0\.2 s for slot waited_for to get to the moment that is compared\. Last seen: \d+ bytes of log before it, and nobody reads the slot\. `npm run doctor` says/,
  );
});
