import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { whileNobodyWrites } from "../../../../components/connector/snapshot/emptied";
import { EmbeddedPostgres } from "../../../support/database/embedded-postgres";

let server: EmbeddedPostgres;
let [ours, theirs] = [new Client(), new Client()];
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE TABLE public.t (id int PRIMARY KEY)");
  [ours, theirs] = [new Client(server.at()), new Client(server.at())];
  await Promise.all([ours.connect(), theirs.connect()]);
});
afterAll(async () => {
  await Promise.all([ours.end(), theirs.end()]);
  await server.stop();
});

const endOfLog = async (client: Client): Promise<bigint> =>
  BigInt((await client.query("SELECT pg_current_wal_lsn() - '0/0' AS at")).rows[0].at as string);

test("a change is either before the position at which the table was emptied in the topic, or after that message", async () => {
  await theirs.query("BEGIN; INSERT INTO public.t VALUES (1)");
  const order: string[] = [];
  let [told, after] = [0n, 0n];
  let next: Promise<void> | undefined;
  const telling = whileNobodyWrites(ours, "public.t", async () => {
    told = await endOfLog(ours);
    // The row of the transaction that was open is there now.
    expect((await ours.query("SELECT count(*)::int AS n FROM public.t")).rows[0].n).toBe(1);
    next = theirs.query("INSERT INTO public.t VALUES (2)").then(async () => {
      after = await endOfLog(theirs);
      order.push("written");
    });
    // The server shows that it waits.
    const { rows } = await ours.query(
      "SELECT count(*)::int AS n FROM pg_locks WHERE relation = 'public.t'::regclass AND mode = 'RowExclusiveLock' AND granted",
    );
    expect(rows[0].n).toBe(0);
    order.push("told");
  });
  await theirs.query("COMMIT");
  await telling;
  await next;
  expect(order).toEqual(["told", "written"]);
  expect(told < after).toBe(true);
});

test("the message is written even if the role may not lock out writers, and no lock is left afterwards", async () => {
  await server.query("CREATE ROLE reader LOGIN; GRANT SELECT ON public.t TO reader");
  await ours.query("SET ROLE reader");
  let times = 0;
  await whileNobodyWrites(ours, "public.t", async () => void times++);
  await ours.query("RESET ROLE");
  expect(times).toBe(1);
  await expect(whileNobodyWrites(ours, "public.t", () => Promise.reject(new Error("no broker")))).rejects.toThrow(
    "no broker",
  );
  expect(
    (await theirs.query("SELECT count(*)::int AS n FROM pg_locks WHERE relation = 'public.t'::regclass")).rows[0].n,
  ).toBe(0);
});
