import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client } from "pg";
import { openFindings } from "../../../commands/look/verdicts/database-verdicts";
import { beginAt } from "../../../commands/verify/moment";
import { shapesOf } from "../../../commands/verify/compared-table";
import { type Blocker, longOpenSql } from "../../../components/database/blockers";
import { onceUnlocked } from "../../../components/database/lock-wait";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";

/** Code that looks at captured tables reports whose locks it waits for, also locks that no process holds. */
let server: EmbeddedPostgres;
let sessions: Client[];
beforeAll(async () => {
  server = await EmbeddedPostgres.start({ max_prepared_transactions: "2" });
  await server.query("create table orders (id int primary key); create publication p for table orders");
  sessions = [new Client(server.at()), new Client(server.at())];
  await Promise.all(sessions.map((each) => each.connect()));
});
afterAll(async () => {
  await Promise.all(sessions.map((each) => each.end()));
  await server.stop();
});

const TWO =
  /verify waits for prepared transaction two of super in postgres, open for \d s \(end it there with: ROLLBACK PREPARED 'two'\)/;

test("a table that was altered in a transaction that is prepared: named at the deadline, and gone on from once it has ended", async () => {
  const [client, other] = sessions as [Client, Client];
  await server.query("begin; alter table orders add note text; prepare transaction 'two'");
  const shapes = () => onceUnlocked(client, other, () => shapesOf(client, "p"), { what: "verify", deadlineMs: 600 });
  await expect(shapes()).rejects.toThrow(TWO);
  const table = { sql: "public.orders" } as Awaited<ReturnType<typeof shapesOf>>[number];
  await expect(beginAt(client, other, [table], undefined, 600)).rejects.toThrow(TWO);

  const [open] = await server.query<Blocker>(longOpenSql(0));
  expect(openFindings([open!])).toEqual([
    expect.objectContaining({
      mark: "warning",
      text: expect.stringMatching(/^prepared transaction two .*: Postgres keeps all log since it began/),
    }),
  ]);
  expect(await server.query(longOpenSql(300))).toEqual([]);

  await server.query("commit prepared 'two'");
  expect((await shapes()).map(({ columns }) => columns.map(({ name }) => name))).toEqual([["id", "note"]]);
  await beginAt(client, other, [table]);
});

test("another error of the work is its own", async () => {
  const [, client] = sessions as [Client, Client];
  const work = () => client.query("select nothing");
  await expect(onceUnlocked(client, sessions[0]!, work, { what: "verify", deadlineMs: 600 })).rejects.toThrow(
    '"nothing" does not exist',
  );
});
