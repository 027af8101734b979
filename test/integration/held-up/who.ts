import { describe, expect, test } from "@jest/globals";
import { Client } from "pg";
import { heldUp, heldWords } from "../../../components/database/blockers";
import { poll } from "../../../components/poll";
import { OtherPostgres } from "../../support/database/postgres";
import type { TestStack } from "../../support/stack";

/** Checks what is reported about sessions that hold up a slot or a lock, on a server with prepared transactions and several databases. */
export function who(stack: TestStack): void {
  describe("who holds up a session of ours", () => {
    const clients: Client[] = [];
    let other: OtherPostgres;

    async function session(change: object = {}): Promise<Client> {
      const client = new Client({ ...other.at, ...change });
      client.on("error", () => undefined);
      await client.connect();
      clients.push(client);
      return client;
    }

    /** The report, once it meets the condition. */
    async function said(by: Client, whose: Parameters<typeof heldUp>[1], holds: (text: string) => boolean) {
      return poll<string>(
        async () => {
          const held = await heldUp(by, whose);
          const text = held ? heldWords(held, "it") : "nobody";
          return holds(text) ? { done: true, value: text } : { done: false, seen: text };
        },
        { what: "what is said", deadlineMs: 20_000, intervalMs: 100 },
      );
    }

    test("of a slot: sessions of every database and prepared transactions, until the last has ended", async () => {
      other = await OtherPostgres.start(stack, "held", "-c", "wal_level=logical", "-c", "max_prepared_transactions=3");
      try {
        const admin = await session();
        await admin.query("create table t (i int); create role cap login replication password 'wordless'");
        await admin.query("create database elsewhere");
        const shop = await session({ application_name: "shop" });
        await shop.query("begin; insert into t values (1)");
        const elsewhere = await session({ database: "elsewhere" });
        await elsewhere.query("begin; create table x ()");
        await admin.query("begin; insert into t values (2); prepare transaction 'it''s'");
        // A session that only reads holds up no slot.
        const reader = await session({ application_name: "reader" });
        await reader.query("begin; select * from t");

        const asCap = { user: "cap", application_name: "Debezium Streaming" };
        const walsender = await session({ ...asCap, replication: "database" });
        const made = walsender.query('CREATE_REPLICATION_SLOT "ours" LOGICAL pgoutput');
        const text = await said(admin, { role: "cap" }, (each) => each.includes("process"));
        expect(text).toMatch(
          /^slot ours is made when these have ended: process \d+ \(shop\) of admin in admin, open for/,
        );
        expect(text).toMatch(
          /process \d+ \(client backend\) of admin in elsewhere, .*last statement: begin; create table x/,
        );
        expect(text).toMatch(/prepared transaction it's of admin in admin, .*ROLLBACK PREPARED 'it''s'/);
        expect(text).not.toContain("reader");
        // A role without rights learns who holds it up, but not with which statement.
        const less = await said(await session(asCap), { role: "cap" }, (each) => each.includes("process"));
        expect(less).toMatch(/process \d+ \(shop\) of admin in admin \(end it with/);
        expect(less).not.toContain("insert");

        await shop.query("commit");
        await elsewhere.query("commit");
        await said(admin, { role: "cap" }, (each) => !each.includes("process") && each.includes("it's"));
        await admin.query("rollback prepared 'it''s'");
        await made;
        expect(await heldUp(admin, { role: "cap" })).toBeUndefined();

        await reader.query("commit");
        await admin.query("begin; insert into t values (3); prepare transaction 'two'");
        const capture = await session();
        const { rows } = await capture.query<{ pid: number }>("select pg_backend_pid() as pid");
        const altered = capture.query("alter table t replica identity full");
        expect(await said(admin, rows[0]!, (each) => each !== "nobody")).toMatch(
          /^it waits for prepared transaction two of admin in admin, open for \d s \(end it there with: ROLLBACK PREPARED 'two'\)$/,
        );
        await admin.query("rollback prepared 'two'");
        await altered;
      } finally {
        await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
        await other.remove();
      }
    }, 120_000);
  });
}
