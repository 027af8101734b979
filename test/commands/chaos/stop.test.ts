import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { stop } from "../../../commands/chaos/faults/connector-faults";
import type { Place } from "../../../commands/chaos/faults/fault";
import { clientOptions } from "../../../components/database/client";
import { poll } from "../../../components/poll";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";

let server: EmbeddedPostgres;
let connect: Server;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE PUBLICATION p");
  await server.query("SELECT pg_create_logical_replication_slot('s', 'pgoutput')");
  connect = createServer((_request, response) => {
    response.end(JSON.stringify({ name: "c", connector: { state: "STOPPED" }, tasks: [] }));
  });
  await new Promise<void>((resolve) => connect.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  await new Promise((resolve) => connect.close(resolve));
  await server.stop();
});

test("a connector is stopped only when nothing reads its slot any more, whatever state the worker reports", async () => {
  const reader = new Client({ ...clientOptions(server.at()), replication: "database" } as never);
  reader.on("error", () => undefined);
  await reader.connect();
  const ended = reader
    .query("START_REPLICATION SLOT s LOGICAL 0/0 (proto_version '1', publication_names 'p')")
    .catch(() => true);
  const isRead = async (): Promise<boolean> =>
    (await server.query<{ active: boolean }>("SELECT active FROM pg_replication_slots"))[0]!.active;
  await poll<void>(
    async () => ((await isRead()) ? { done: true, value: undefined } : { done: false, seen: "nobody" }),
    { what: "the slot to be read", deadlineMs: 20_000, intervalMs: 10 },
  );
  const url = `http://127.0.0.1:${(connect.address() as AddressInfo).port}`;
  const place = { connectUrl: url, connectorName: "c", slotName: "s", database: server.at() } as Partial<Place>;
  let isLetGo = false;
  const stopped = stop(place as Place).then(() => isLetGo);
  const look = "SELECT FROM pg_stat_activity WHERE query LIKE '%confirmed_flush_lsn%' AND pid <> pg_backend_pid()";
  const looked = poll<void>(
    async () =>
      (await server.query(look)).length > 0 ? { done: true, value: undefined } : { done: false, seen: "no" },
    { what: "a look at the slot", deadlineMs: 20_000, intervalMs: 10 },
  );
  looked.catch(() => undefined);
  await Promise.race([looked, stopped]);
  isLetGo = true;
  await server.query("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots");
  expect(await stopped).toBe(true);
  await ended;
});
