import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import axios from "axios";
import type { Client } from "pg";
import { runChild } from "../../commands/processes/child";
import type { StackOutputs } from "../../commands/stack/stack-outputs";
import { poll } from "../../components/poll";
import { clientsOf } from "../support/stack/clients";
import { ConnectByHand } from "../support/stack/connect";
import { quickChange } from "../../consumer/change/envelope";
import type { Feed } from "../support/stack/feed";
import { metricIn } from "../support/stack/metric";
import { newReader } from "../support/database/slot-reader";
import { docker, TestStack } from "../support/stack";
import { recordsOf } from "../support/stack/topic";
import { mistakes } from "./pipeline/mistakes";
import { door } from "./pipeline/door";
import { HANDLER_WORD, KEY_WORD, PASSWORD, secrets } from "./pipeline/secrets";

const TABLE = "public.customers";
const stack = new TestStack("pipeline");
let outputs: StackOutputs;
let said: string;
let client: Client;
let feed: Feed;

beforeAll(async () => {
  await stack.create();
  await stack.pulumi("config", "set", "--secret", "password", PASSWORD);
  await stack.pulumi("config", "set", "--secret", "--path", 'connectorConfig["database.sslpassword"]', KEY_WORD);
  await stack.pulumi("config", "set", "--secret", "--path", "handlerEnv.SINK_URL", HANDLER_WORD);
  said = await stack.up();
  ({ client, feed, outputs } = await clientsOf(stack));
}, 900_000);

afterAll(async () => {
  await client?.end();
  await stack.remove();
}, 120_000);

describe("a stack from nothing", () => {
  test("gives its addresses and a running connector", () => {
    expect(outputs.connectorState).toBe("RUNNING");
    expect(outputs.topics).toEqual(["cdctest.public.customers"]);
    expect(decodeURIComponent(outputs.databaseUrl)).toContain(PASSWORD);
  });

  test("reports inserts, updates and deletes as they were written, field by field, in order", async () => {
    const after = await feed.newestId();
    const insert = `insert into ${TABLE} (first_name, last_name, email) values ($1, $2, $3) returning *`;
    const alex = (await client.query(insert, ["alex", "foley", "alex.foley"])).rows[0];
    const john = (await client.query(insert, ["john", null, "jöhn <b>🙂</b>"])).rows[0];
    await client.query(`update ${TABLE} set email = $1 where id = $2`, ["", alex.id]);
    await client.query(`delete from ${TABLE} where id = $1`, [john.id]);

    const found = await feed.arrived(4, after);
    expect(
      found.map(({ op, table, key, before, after: row, changed }) => ({ op, table, key, before, row, changed })),
    ).toEqual([
      { op: "create", table: TABLE, key: { id: alex.id }, before: null, row: alex, changed: [] },
      { op: "create", table: TABLE, key: { id: john.id }, before: null, row: john, changed: [] },
      {
        op: "update",
        table: TABLE,
        key: { id: alex.id },
        before: alex,
        row: { ...alex, email: "" },
        changed: ["email"],
      },
      { op: "delete", table: TABLE, key: { id: john.id }, before: john, row: null, changed: [] },
    ]);
    for (const change of found) expect(change.lagMs).toBeGreaterThan(0);
  });

  test("writes its records in the form that the consumer reads the short way", async () => {
    const topic = outputs.topics[0]!;
    const origin = { topic, partition: 0, offset: "0" };
    const values = (await recordsOf(outputs.bootstrapServers, topic)).flatMap(({ value }) => value ?? []);
    const ops = values.map((value) => quickChange(value, null, origin, { key: null, before: null, after: null })?.op);
    expect(new Set(ops)).toEqual(new Set(["create", "update", "delete"]));
  });

  test("reports a change when it comes, however seldom Debezium looks by itself", async () => {
    const connector = new ConnectByHand(outputs.connectUrl, outputs.connectToken);
    const path = "/connectors/customer-cdc/config";
    const config = (await connector.config("customer-cdc"))!;
    const reader = await newReader(client, undefined);
    await connector.put(path, { ...config, "poll.interval.ms": "2000" });
    const seldom = await newReader(client, reader);
    const lags: number[] = [];
    for (let i = 0; i < 10; i++) {
      const after = await feed.newestId();
      await client.query(`insert into ${TABLE} (first_name) values ('prompt')`);
      lags.push(...(await feed.arrived(1, after)).map(({ lagMs }) => lagMs!));
    }
    await connector.put(path, config);
    await newReader(client, seldom);
    // The first change may come while the reader rests after its start. If the reader polled, each change would take its time.
    expect(Math.max(...lags.slice(1))).toBeLessThan(1000);
    expect(lags).toHaveLength(10);
  }, 120_000);

  test("tells Postgres how far its changes are safe, so that the log before them can go", async () => {
    const { rows } = await client.query<{ lsn: string }>("select pg_current_wal_lsn() as lsn");
    await client.query(`insert into ${TABLE} (first_name) values ('safe')`);
    const confirmed = "select confirmed_flush_lsn as lsn, confirmed_flush_lsn > $1 as done from pg_replication_slots";
    await poll<void>(
      async () => {
        const [slot] = (await client.query<{ lsn: string; done: boolean }>(confirmed, [rows[0]!.lsn])).rows;
        return slot?.done ? { done: true, value: undefined } : { done: false, seen: `${slot?.lsn}` };
      },
      { what: `the slot to be past ${rows[0]!.lsn}`, deadlineMs: 30_000 },
    );
  }, 60_000);

  test("keeps the order of a thousand changes of a hundred rows", async () => {
    const after = await feed.newestId();
    await client.query(`insert into ${TABLE} (first_name) select 'n' from generate_series(1, 100)`);
    for (let round = 1; round < 10; round++)
      await client.query(`update ${TABLE} set last_name = $1 where first_name = 'n'`, [String(round)]);
    const found = await feed.arrived(1000, after);
    expect(found).toHaveLength(1000);
    const perKey = new Map<string, unknown[]>();
    for (const change of found) {
      const key = JSON.stringify(change.key);
      perKey.set(key, [...(perKey.get(key) ?? []), change.after?.["last_name"] ?? null]);
    }
    expect(perKey.size).toBe(100);
    for (const versions of perKey.values())
      expect(versions).toEqual([null, "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  });

  test("takes rows that together are larger than the Connect worker's memory", async () => {
    const before = await handled();
    await client.query(`insert into ${TABLE} (last_name) select repeat('x', 1000000) from generate_series(1, 500)`);
    await poll<void>(
      async () => {
        const rows = (await handled()) - before;
        return rows >= 500 ? { done: true, value: undefined } : { done: false, seen: `${rows} rows` };
      },
      { what: "500 rows of a megabyte", deadlineMs: 90_000 },
    );
    // Small rows, for tests that read the newest changes after this.
    await client.query(`insert into ${TABLE} (first_name) select 'small' from generate_series(1, 20)`);
    expect(await docker("inspect", "--format", "{{.RestartCount}}", `${stack.prefix}-connect`)).toBe("0");
    expect(await handled()).toBeLessThanOrEqual(before + 520);
  }, 120_000);

  test("has nothing to do in a second preview and a refresh", async () => {
    await stack.pulumi("preview", "--expect-no-changes");
    await stack.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
  }, 120_000);

  test("publishes its ports on loopback only", async () => {
    const ports = await docker("ps", "--filter", `label=cdc.stack=${stack.prefix}`, "--format", "{{.Ports}}");
    expect(ports).toMatch(/127\.0\.0\.1:/);
    expect(ports).not.toMatch(/0\.0\.0\.0:|:::/);
  });
});

describe("its Kafka Connect", () => door(stack, () => outputs));

describe("its password", () => secrets(stack, () => ({ outputs, said })));

describe("what was typed wrong", () => mistakes(stack));

describe("npm run replay", () => {
  const replay = (...args: string[]) =>
    runChild(process.execPath, ["toolchain/look.mjs", "replay", ...args], {
      env: { ...process.env, ...stack.environment },
    });

  test("says what it would repeat, and does nothing without a yes", async () => {
    await expect(replay("--beginning")).rejects.toThrow(/cdctest\.public\.customers\/0 +offset 0 to \d+: \d+ records/);
    await expect(replay("--offset", "9999999", "--table", TABLE)).rejects.toThrow("a replay skips nothing");
    await expect(replay("--from", "soon")).rejects.toThrow("ended with code 2");
  });

  test("has the last three changes handled once more, in their order, marked as duplicates", async () => {
    const first = (await feed.changes()).changes.at(-3)!;
    expect(await replay("--offset", first.offset, "--table", TABLE, "--yes")).toContain(": 3 records");
    const again = await feed.arrived(3);
    expect(again.map(({ offset, duplicate }) => [Number(offset), duplicate])).toEqual(
      [0, 1, 2].map((n) => [Number(first.offset) + n, "redelivered"]),
    );
  }, 60_000);
});

describe("the same stack", () => {
  test("is gone after a destroy: no container, volume or network", async () => {
    await client.end();
    await stack.destroy();
    expect(await stack.objects()).toEqual([]);
  }, 120_000);
});

/** Number of new rows that the consumer has handled since its start. */
async function handled(): Promise<number> {
  const { data } = await axios.get<string>(`${outputs.feedUrl}/metrics`, { proxy: false, responseType: "text" });
  return metricIn(data, "cdc_changes_total", { op: "create" });
}
