import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { Client } from "pg";
import { poll } from "../../../components/poll";
import { docker } from "../../support/stack";
import { leaveGroup } from "../../support/stack/leave-group";
import type { Rig } from "../consumer/rig";
import { Load, generator } from "./load";
import { contentOf, Reader } from "./reader";

const SECONDS = 60;
const KILLS_OF_CONSUMER = 20;
const KILLS_OF_CONNECT = 3;
const CHANGES_A_SECOND = 1000;

export function equal(rig: Rig): void {
  test("two databases are equal, row for row, after kills at random under load", async () => {
    const seed = Number(process.env["SEED"] ?? randomInt(2 ** 31));
    const random = generator(seed);
    const warehouse = new Client({ connectionString: rig.outputs.databaseUrl.replace(/\/cdctest$/, "/warehouse") });
    await warehouse.connect();
    try {
      const load = new Load(rig.database, generator(seed + 1));
      const writing = load.run(SECONDS, CHANGES_A_SECOND);
      const connect = rig.container.replace(/consumer$/, "connect");
      await Promise.all([
        writing,
        killing(moments(KILLS_OF_CONSUMER, random), async () => {
          await kill(rig.container);
          await leaveGroup(rig.outputs.bootstrapServers, rig.kafka, "cdc-consumer");
        }),
        killing(moments(KILLS_OF_CONNECT, random), () => kill(connect)),
      ]);

      process.stdout.write(`seed ${seed}: ${load.changes} changes written\n`);
      await poll<void>(
        async () => {
          const [ours, theirs] = await Promise.all([rig.database, warehouse].map(hashes));
          const same = JSON.stringify(ours) === JSON.stringify(theirs);
          if (same) return { done: true, value: undefined };
          return { done: false, seen: JSON.stringify({ ours, theirs }), mark: JSON.stringify(theirs) };
        },
        {
          what: `the databases to be equal, or the copy to change (SEED=${seed})`,
          deadlineMs: 30_000,
          intervalMs: 500,
        },
      ).catch((error: Error) => process.stdout.write(`${error.message}\n`));
      expect((await warehouse.query("select from steps_back")).rowCount).toBe(0);
      const rows = await Promise.all([rig.database, warehouse].map(rowsOf));
      expect(rows[0]).toEqual(rows[1]);
      expect(rows[0]!.length).toBeGreaterThan(100);
      await expectRepeats(rig);
    } finally {
      await warehouse.end();
    }
  }, 400_000);
}

/** Checks that the connector wrote changes again, each with its earlier id and content, and the others in the order of their ids. */
async function expectRepeats(rig: Rig): Promise<void> {
  const known = new Map<string, unknown>();
  let newest = "";
  let repeats = 0;
  for (const { change } of await new Reader(rig, ["public.accounts"]).news()) {
    const id = change.eventId!;
    const before = known.get(id);
    if (before === undefined) {
      if (change.op !== "snapshot" && id <= newest) throw new Error(`${id} came behind ${newest}`);
      known.set((newest = id), JSON.stringify(contentOf(change)));
    } else {
      repeats++;
      if (before !== JSON.stringify(contentOf(change))) throw new Error(`${id} is two changes`);
    }
  }
  expect(repeats).toBeGreaterThan(0);
}

/** Seconds from now at which something happens. */
function moments(count: number, random: () => number): number[] {
  return Array.from({ length: count }, () => random() * SECONDS).sort((a, b) => a - b);
}

async function killing(at: readonly number[], how: () => Promise<void>): Promise<void> {
  const start = Date.now();
  for (const moment of at) {
    await sleep(Math.max(0, start + moment * 1000 - Date.now()));
    await how();
  }
}

/** Kills a container and starts it again at once. */
async function kill(container: string): Promise<void> {
  await docker("kill", "--signal", "KILL", container);
  await docker("start", container);
}

const TABLES = ["accounts", "shapes"];

async function hashes(client: Client): Promise<string[]> {
  const all = TABLES.map(
    (table) => `(select md5(coalesce(string_agg(t::text, E'\\n' order by t::text), '')) from ${table} t)`,
  );
  return (await client.query<{ all: string[] }>(`select array[${all.join(", ")}] as all`)).rows[0]!.all;
}

async function rowsOf(client: Client): Promise<string[]> {
  const each = TABLES.map((table) => `select '${table}' || t::text as row from ${table} t`);
  return (await client.query<{ row: string }>(`${each.join(" union all ")} order by 1`)).rows.map(({ row }) => row);
}
