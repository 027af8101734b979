import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "@jest/globals";
import type { Client } from "pg";
import { pause } from "../../../commands/chaos/tools/pause";
import type { Finding } from "../../../commands/look/finding";
import { poll } from "../../../components/poll";
import type { ConnectByHand } from "../../support/stack/connect";
import { type Feed, Ledger } from "../../support/stack/feed";
import { looked, type Said } from "../../support/stack/looked";
import { dropSlots } from "../../support/database/postgres";
import { docker, type TestStack } from "../../support/stack";

const NAME = "customer-cdc";
const MEND_MS = 120_000;
const run = promisify(execFile);

export interface Patient {
  stack: TestStack;
  connect: ConnectByHand;
  client: Client;
  feed: Feed;
}

/** Does what a person may do to a stack, and checks what `npm run doctor` says first, and whether its remedy mends the stack. */
export function doctor(patient: () => Patient): void {
  // With any other snapshot mode, the connector may recover from a lost slot by itself.
  beforeAll(async () => {
    await patient().stack.pulumi("config", "set", "snapshotMode", "initial");
    await patient().stack.up();
  }, MEND_MS);

  test("a healthy stack is well, and the probe reaches nobody's handler", async () => {
    const { feed } = patient();
    const before = await feed.newestId();
    const said = await ask("doctor");
    expect(wrong(said)).toEqual([]);
    expect(said).toMatchObject({ code: 0, healthy: true, stack: patient().stack.prefix });
    expect(said.findings.find(({ heading }) => heading === "End to end")).toMatchObject({
      mark: "good",
      text: expect.stringMatching(/^[\d.]+ ms from a message in the database's log to its record in Kafka$/),
    });
    expect(said.findings.find(({ heading }) => heading === "Capture")?.text).toMatch(
      /^1 table as declared, and role debezium with its rights$/,
    );
    expect(await feed.newestId()).toBe(before);
    expect(await ask("status")).toMatchObject({ code: 0, healthy: true, deadLetters: 0 });
  }, 60_000);

  test("an engine that does not answer is the one thing that is said", async () => {
    const said = await ask("doctor", { DOCKER_HOST: "unix:///nowhere.sock" });
    expect(said.code).toBe(1);
    expect(wrong(said)).toEqual([
      expect.stringMatching(/^engine: the engine does not answer: .*unix:\/\/\/nowhere\.sock.* → npm run setup$/),
    ]);
  }, 60_000);

  test.each<[string, (patient: Patient) => Promise<unknown>, (patient: Patient) => RegExp]>([
    [
      "Connect is stopped",
      ({ stack }) => docker("stop", "--time", "3", `${stack.prefix}-connect`),
      ({ stack }) => new RegExp(`^connect: stopped \\d+ s ago, exit code \\d+ → docker start ${stack.prefix}-connect$`),
    ],
    [
      "the consumer hangs",
      ({ stack }) => docker("exec", `${stack.prefix}-consumer`, "sh", "-c", "kill -STOP -1"),
      ({ stack }) => new RegExp(`: the consumer does not answer: .* → docker restart ${stack.prefix}-consumer$`),
    ],
    [
      "the consumer is paused",
      ({ stack }) => pause(`${stack.prefix}-consumer`),
      ({ stack }) => new RegExp(`^consumer: paused: .* → docker unpause ${stack.prefix}-consumer$`),
    ],
    [
      "the publication was altered",
      ({ client }) => client.query("alter publication debezium drop table public.customers"),
      () => /^publication debezium: publication debezium lacks public\.customers → npm start$/,
    ],
    [
      "the connector is paused",
      async ({ connect }) => {
        await connect.put(`/connectors/${NAME}/pause`);
        await connect.until(NAME, "PAUSED PAUSED");
      },
      () => /^customer-cdc: PAUSED: changes wait in Postgres → curl -sS -X PUT \S+\/resume$/,
    ],
    [
      "its config was changed by hand",
      async ({ connect }) => {
        const config = await connect.config(NAME);
        await connect.put(`/connectors/${NAME}/config`, { ...config, "publication.name": "nowhere" });
        await connect.until(NAME, "RUNNING FAILED");
      },
      () => /^customer-cdc: publication\.name: "nowhere" in Kafka Connect, "debezium" declared → npm start$/,
    ],
    [
      "the slot was dropped while the connector was stopped, which then failed",
      async ({ connect, client }) => {
        await stop(connect);
        await client.query("insert into public.customers (first_name) values ('written without a slot')");
        await dropSlots(client);
        await connect.put(`/connectors/${NAME}/resume`);
        await connect.until(NAME, "RUNNING FAILED");
      },
      () =>
        /_customer_cdc: there is no such slot: .* → npm run pulumi -- config set snapshotMode when_needed && npm start$/,
    ],
    [
      "the slot was moved on by hand",
      async ({ connect, client }) => {
        await stop(connect);
        await client.query("insert into public.customers (first_name) values ('passed over')");
        await client.query(
          "select pg_replication_slot_advance(slot_name, pg_current_wal_lsn()) from pg_replication_slots",
        );
      },
      () =>
        /_customer_cdc: moved by hand to \S+, [\d,]+ bytes of log beyond what the connector has read: the changes in between are lost to it → npm run pulumi -- config set snapshotMode when_needed && npm start$/,
    ],
    [
      "a connector posted by hand waits for topics that nobody makes",
      async ({ connect }) => {
        // As in Debezium's tutorial.
        const config = {
          "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
          ...{ "tasks.max": "1", "plugin.name": "pgoutput", "topic.prefix": "dbserver1" },
          ...{ "database.hostname": "postgres", "database.port": "5432", "database.dbname": "cdctest" },
          ...{ "database.user": "cdctest", "database.password": "cdctest", "table.include.list": "public.customers" },
          ...{ "slot.name": "by_hand", "publication.name": "by_hand", "publication.autocreate.mode": "filtered" },
        };
        await connect.put("/connectors/inventory-connector/config", config);
        await connect.until("inventory-connector", "RUNNING RUNNING");
      },
      () =>
        /^connector inventory-connector: connector RUNNING, task 0 RUNNING, and yet it stands still: there is no topic dbserver1\.public\.customers, .* → curl -sS -X PATCH .*$/,
    ],
  ])(
    "%s: that comes first, and its remedy mends it",
    async (_what, harm, said) => {
      await harm(patient());
      const first = await firstWrong();
      expect(first).toMatch(said(patient()));
      await remedy(first.slice(first.indexOf(" → ") + 3));
      await well();
      const ledger = await Ledger.open(() => patient().client, patient().feed);
      await ledger.write(2);
      expect(await ledger.reported()).toEqual(ledger.written);
    },
    2 * MEND_MS,
  );

  test(
    "the slot was moved on while Connect was stopped: that is told before somebody starts it",
    async () => {
      const { stack, client } = patient();
      await docker("stop", "--time", "5", `${stack.prefix}-connect`);
      const told = async (): Promise<string[]> =>
        (await ask("doctor")).findings
          // The connector that was posted by hand has left its slot behind, which is also reported.
          .filter(({ mark, about }) => mark === "warning" && !about.startsWith("slot "))
          .map(({ text }) => text);
      // The slot begins at the offset that Connect wrote when it ended.
      expect(await told()).toEqual([]);
      await client.query("insert into public.customers (first_name) values ('passed over')");
      await client.query(
        "select pg_replication_slot_advance(slot_name, pg_current_wal_lsn()) from pg_replication_slots where slot_name <> 'by_hand'",
      );
      expect(await told()).toEqual([
        expect.stringMatching(/^begins [\d.]+ (bytes|kB) after what Kafka Connect noted last as read\. /),
      ]);
      await client.query(
        "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name <> 'by_hand'",
      );
      await docker("start", `${stack.prefix}-connect`);
      await remedy("npm run pulumi -- config set snapshotMode when_needed && npm start");
      await well();
    },
    2 * MEND_MS,
  );

  /** Runs a command on this stack. @returns its exit code and its data */
  function ask(command: "doctor" | "status", env: Record<string, string> = {}): Promise<Said> {
    return looked(patient().stack, command, env);
  }

  /** The first finding. A part that was started a moment ago gets time before anything is reported about it. */
  async function firstWrong(): Promise<string> {
    return poll<string>(
      async () => {
        const [first] = wrong(await ask("doctor"));
        return first === undefined ? { done: false, seen: "all is well" } : { done: true, value: first };
      },
      { what: "something wrong", deadlineMs: 40_000, intervalMs: 250 },
    );
  }

  /** Runs a remedy as a person who pastes it. */
  async function remedy(command: string): Promise<void> {
    await run("sh", ["-c", command], { env: { ...process.env, ...patient().stack.environment }, timeout: MEND_MS });
  }

  async function well(): Promise<void> {
    await poll<void>(
      async () => {
        const said = await ask("doctor");
        return said.code === 0 ? { done: true, value: undefined } : { done: false, seen: wrong(said).join("; ") };
      },
      { what: "the stack to be well", deadlineMs: 60_000, intervalMs: 250 },
    );
  }
}

async function stop(connect: ConnectByHand): Promise<void> {
  await connect.put(`/connectors/${NAME}/stop`);
  await connect.until(NAME, "STOPPED");
}

/** The bad findings, without those that follow from others, in order. */
function wrong({ findings }: { findings: Omit<Finding, "part">[] }): string[] {
  return findings
    .filter(({ mark }) => mark === "bad")
    .map(({ about, text, remedy }) => `${about}: ${text} → ${remedy}`);
}
