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

test("a change that is written has its place either before the end of the log that is told, or after the telling", async () => {
  await theirs.query("BEGIN; INSERT INTO public.t VALUES (1)");
  const order: string[] = [];
  let [told, after] = [0n, 0n];
  let next: Promise<void> | undefined;
  const telling = whileNobodyWrites(ours, "public.t", async () => {
    told = await endOfLog(ours);
    // What was being written is there by now.
    expect((await ours.query("SELECT count(*)::int AS n FROM public.t")).rows[0].n).toBe(1);
    next = theirs.query("INSERT INTO public.t VALUES (2)").then(async () => {
      after = await endOfLog(theirs);
      order.push("written");
    });
    // It waits, which the server says.
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

test("it is told all the same where nobody may keep writers away, and nothing is held afterwards", async () => {
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
