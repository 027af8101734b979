import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Client } from "pg";
import { lookAtBroker } from "../../components/preflight/broker-look";
import { poll } from "../../components/poll";
import { clientsOf } from "../support/stack/clients";
import { type Feed, Ledger } from "../support/stack/feed";
import { docker, TestStack } from "../support/stack";
import { configOf, recordsOf } from "../support/stack/topic";

/** A stack with `cdc:exactlyOnce`, whose worker and broker are killed while it writes. */
const TOPIC = "cdctest.public.customers";
const stack = new TestStack("exactly-once");
let client: Client;
let feed: Feed;
let broker: string;
let ledger: Ledger;

beforeAll(async () => {
  await stack.create({ exactlyOnce: "true" });
  await stack.up();
  const clients = await clientsOf(stack);
  ({ client, feed } = clients);
  broker = clients.outputs.bootstrapServers;
  ledger = await Ledger.open(() => client, feed);
}, 600_000);

afterAll(async () => {
  await client?.end();
  await stack.remove();
}, 120_000);

const kill = (service: string) =>
  docker("exec", `${stack.prefix}-${service}`, "sh", "-c", "kill -KILL -1").catch(() => undefined);

/** The topic's committed records. */
async function told(): Promise<string[]> {
  const records = await recordsOf(broker, TOPIC);
  return records.flatMap(({ value }) => {
    const { op, after } = JSON.parse(value!) as { op: string; after: Record<string, string> };
    return op === "c" && String(after["first_name"]).startsWith("ledger ") ? [`create ${after["last_name"]}`] : [];
  });
}

/** Waits until all is handled. Then the backlog is 0, even with the ends of transactions. */
function handled(): Promise<void> {
  return poll(
    async () => {
      const { partitions } = await lookAtBroker(broker, "cdc-consumer", [TOPIC], 2000);
      const behind = partitions.map((each) => each.behind).join();
      return behind === "0" ? { done: true, value: undefined } : { done: false, seen: behind };
    },
    { what: "a lag of 0", deadlineMs: 10_000, intervalMs: 50 },
  );
}

test("worker and broker killed under load: no change is lost or in the topic twice, and the lag ends at 0", async () => {
  let stopping = false;
  const load = (async () => {
    while (!stopping) await Promise.all([ledger.write(2), pause(10)]);
  })();
  await feed.arrived(({ after }) => after?.["last_name"] === "50");
  await Promise.all([kill("connect"), kill("kafka")]);
  const killedAt = ledger.written.length;
  await feed.arrived(({ after }) => Number(after?.["last_name"]) > killedAt + 50);
  stopping = true;
  await load;
  await ledger.write(1);
  await ledger.reported();
  expect(await told()).toEqual(ledger.written);
  await handled();
}, 90_000);

test("the topic of offsets, into which each transaction writes, is compacted while it is written", async () => {
  expect(await configOf(broker, "cdc_connect_offsets", ["cleanup.policy", "segment.bytes"])).toEqual([
    "compact",
    "4194304",
  ]);
});

test("turned off the connector goes on where it was: nothing is read again, and nothing is lost", async () => {
  await stack.pulumi("config", "set", "exactlyOnce", "false");
  await ledger.write(5);
  await stack.up();
  await ledger.write(5);
  await ledger.reported();
  expect(await told()).toEqual(ledger.written);
  await handled();
}, 120_000);
