import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { whileNobodyWrites, withLockers } from "../../../../components/connector/snapshot/write-lock";
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
  const telling = whileNobodyWrites([ours], "public.t", async () => {
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

const locks = async (): Promise<number> =>
  (await theirs.query("SELECT count(*)::int AS n FROM pg_locks WHERE relation = 'public.t'::regclass")).rows[0]
    .n as number;

test("the message is written even if the role may not lock out writers, which is said, and no lock is left afterwards", async () => {
  await server.query("CREATE ROLE reader LOGIN PASSWORD 'r'; GRANT SELECT ON public.t TO reader");
  await ours.query("SET ROLE reader");
  let times = 0;
  expect(await whileNobodyWrites([ours], "public.t", async () => void times++)).toBe("permission denied for table t");
  await ours.query("RESET ROLE");
  expect(times).toBe(1);
  await expect(whileNobodyWrites([ours], "public.t", () => Promise.reject(new Error("no broker")))).rejects.toThrow(
    "no broker",
  );
  expect(await locks()).toBe(0);
});

test("a role that may only read, as the connector's, has the observer lock the table", async () => {
  const database = { ...server.at(), user: "reader", password: "r" };
  const { user, password } = server.at();
  let seen = 0;
  const why = await withLockers({ database, observer: { user, password } }, true, async (asRole, lockers) => {
    expect((await asRole.query("SELECT current_user AS me")).rows).toEqual([{ me: "reader" }]);
    return whileNobodyWrites(lockers, "public.t", async () => void (seen = await locks()));
  });
  expect([why, seen, await locks()]).toEqual([undefined, 1, 0]);
});

test("an observer that cannot log in is passed over", async () => {
  const database = server.at();
  const observer = { user: "nobody_there", password: "x" };
  expect(
    await withLockers({ database, observer }, true, (_asRole, lockers) =>
      whileNobodyWrites(lockers, "public.t", () => Promise.resolve()),
    ),
  ).toBeUndefined();
});

test("a lock that the server has ended meanwhile is told: changes may have come before the message", async () => {
  const locker = new Client(server.at());
  locker.on("error", () => undefined);
  await locker.connect();
  const { rows } = await locker.query("SELECT pg_backend_pid() AS pid");
  const why = await whileNobodyWrites([locker], "public.t", async () => {
    await theirs.query("SELECT pg_terminate_backend($1, 5000)", [rows[0].pid]);
  });
  expect(why).toMatch(/^the lock was lost/);
});
