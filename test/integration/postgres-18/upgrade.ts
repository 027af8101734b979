import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "@jest/globals";
import { poll } from "../../../components/poll";
import { killTree } from "../../../commands/processes/kill-tree";
import { runChild } from "../../../commands/processes/child";
import { clientsOf } from "../../support/stack/clients";
import { docker, type TestStack } from "../../support/stack";

const UP_MS = 600_000;

/** Upgrades from 17 to 18 with all data, while the stream of changes goes on. */
export function upgrade(stack: TestStack): void {
  const command = ["toolchain/run.mjs", "commands/upgrade-postgres.ts"];
  const env = () => ({ ...process.env, ...stack.environment });
  const run = () => runChild(process.execPath, command, { env: env() });

  const containers = () =>
    docker("ps", "--all", "--filter", `name=${stack.prefix}-postgres-upgrade`, "--format", "{{.Status}}");

  /** The command once pg_upgrade is at work: somebody ends it then. */
  const begun = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, command, { env: env(), stdio: "ignore" });
    await poll<void>(
      async () => {
        const seen = await containers();
        return seen.startsWith("Up") ? { done: true, value: undefined } : { done: false, seen };
      },
      { what: "pg_upgrade", deadlineMs: UP_MS, intervalMs: 100 },
    );
    return child;
  };

  /** Nothing of pg_upgrade is left, and a change of the server of 17 arrives. */
  const goesOn = async (name: string): Promise<void> => {
    expect(await containers()).toBe("");
    const { client, feed } = await clientsOf(stack);
    await client.query("insert into customers (first_name) values ($1)", [name]);
    await feed.arrived(({ after }) => after?.["first_name"] === name, 0, "public.customers");
    await client.end();
  };

  const started = () => docker("inspect", "--format", "{{.State.StartedAt}}", `${stack.prefix}-postgres`);

  describe("from 17", () => {
    test(
      "a slot of somebody else's is refused by name, and nothing is stopped",
      async () => {
        expect(await stack.refusal("preview", { postgresVersion: "18" })).toContain("`npm run upgrade-postgres`");
        const { client } = await clientsOf(stack);
        await client.query("select pg_create_logical_replication_slot('theirs', 'pgoutput')");
        const before = await started();
        await expect(run()).rejects.toThrow("Replication slot theirs is read by no connector of this stack");
        expect(await started()).toBe(before);
        await client.query("select pg_drop_replication_slot('theirs')");
        await client.end();
      },
      UP_MS,
    );

    test(
      "settings that were changed meanwhile and lose something are refused by name, and nothing is stopped",
      async () => {
        const before = await started();
        const refused = await stack.with({ connectorName: "another" }, () => run().catch((error: Error) => error));
        expect(String(refused)).toMatch(/cdc:connectorName \S+ -> another: the connector begins anew/);
        expect(await started()).toBe(before);
      },
      UP_MS,
    );

    test(
      "SIGTERM in the midst of pg_upgrade ends it, and the server of 17 and its connector go on",
      async () => {
        const child = await begun();
        const ended = once(child, "exit");
        child.kill("SIGTERM");
        expect(await ended).toEqual([130, null]);
        await goesOn("after SIGTERM");
      },
      UP_MS,
    );

    test(
      "pg_upgrade goes on when the command is killed, and the next start ends it before the server of 17 is started",
      async () => {
        const child = await begun();
        killTree(child.pid!);
        expect(await containers()).toContain("Up");
        await stack.start();
        await goesOn("after a kill");
      },
      UP_MS,
    );

    test(
      "npm run upgrade-postgres: all is there, nothing is read again, and changes go on arriving",
      async () => {
        const before = await clientsOf(stack);
        await before.client.query("create database second");
        await before.client.query(`create table other (id int); insert into other values (1); create role app login;
          grant select on other to app; insert into customers (first_name) values ('before')`);
        // Nobody can make statistics of this table: its index needs a search_path, which vacuumdb does not have.
        await before.client
          .query(`create schema hidden; create table awkward (word text); set search_path = public, hidden;
          create function hidden.lowered(text) returns text immutable language sql as 'select lower($1)';
          create function indexed(text) returns text immutable language plpgsql as 'begin return lowered($1); end';
          create index on awkward (indexed(word)); insert into awkward values ('A')`);
        await before.client.end();
        await run();
        const { client, feed } = await clientsOf(stack);
        try {
          const { rows } = await client.query(`select current_setting('server_version_num')::int / 10000 as version,
            (select count(*)::int from other) as others, has_table_privilege('app', 'other', 'select') as granted,
            (select count(*)::int from pg_database where datname = 'second') as databases`);
          expect(rows).toEqual([{ version: 18, others: 1, granted: true, databases: 1 }]);
          await client.query("update customers set last_name = 'x' where first_name = 'before'");
          const changes = await feed.arrived(({ after }) => after?.["last_name"] === "x", 0, "public.customers");
          // The start above has shown its demo.
          const told = changes.filter(({ before: row, after }) => (after ?? row)?.["first_name"] === "before");
          expect(told.map(({ op, before: row, after }) => [op, row?.["first_name"], after?.["last_name"]])).toEqual([
            ["create", undefined, null],
            ["update", "before", "x"],
          ]);
        } finally {
          await client.end();
        }
        expect(await stack.refusal("preview", { postgresVersion: "17" })).toContain(
          "that holds the cluster of PostgreSQL 17 in 17.before-18 and PostgreSQL 18 in 18: it would not be read",
        );
      },
      UP_MS,
    );
  });
}
