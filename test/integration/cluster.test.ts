import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { lookAtBroker } from "../../components/preflight/broker-look";
import { getStatus } from "../../components/connector/rest/connect-api";
import { memberPort } from "../../components/cluster/members";
import { poll } from "../../components/poll";
import type { StatusJson } from "../../consumer/api";
import { arrivedIn, Numbered } from "./cluster/numbered";
import { ConnectByHand } from "../support/stack/connect";
import { docker, TestStack } from "../support/stack";
import { configOf, copiesOf } from "../support/stack/topic";
import { runVerify } from "../support/stack/verify";

/**
 * A stack with one broker, which two more join. Then one of three brokers, one of two workers and one of two consumers are killed under load, and do
 * not come back.
 */
const stack = new TestStack("cluster");
const TOPIC = "cdctest.public.customers";
const [GROUP, CONNECTOR] = ["cdc-consumer", "customer-cdc"];
let servers: string;
let writer: Numbered;
let connect: ConnectByHand;

beforeAll(async () => {
  await stack.create({ brokers: "3", connectWorkers: "2", consumers: "2", partitions: "6" });
  await stack.with({ brokers: "1" }, () => stack.up());
  const outputs = await stack.outputs();
  servers = outputs.bootstrapServers;
  connect = new ConnectByHand(outputs.connectUrl, outputs.connectToken);
  writer = new Numbered(outputs.databaseUrl);
}, 300_000);

afterAll(async () => {
  await writer?.stop();
  await stack.remove();
}, 120_000);

/** Kills a container as if its machine were gone: the engine does not restart it. */
const kill = (role: string): Promise<string> => docker("kill", `${stack.prefix}-${role}`);

/**
 * Waits until each partition is read further, all records of the first look are handled, and more have come.
 *
 * It counts the topic's records, not the writes: a task that is restarted writes some changes twice.
 */
async function goesOn(): Promise<void> {
  let there: Map<number, number> | undefined;
  await poll<void>(
    async () => {
      const look = await lookAtBroker(servers, GROUP, [TOPIC], 3000).catch((error: Error) => error);
      if (look instanceof Error) return { done: false, seen: look.message };
      const { partitions } = look;
      there ??= new Map(partitions.map(({ partition, committed, behind }) => [partition, Number(committed) + behind]));
      const late = partitions.filter(({ partition, committed }) => Number(committed) < there!.get(partition)!);
      const more = partitions.reduce((sum, each) => sum + Number(each.committed) - there!.get(each.partition)!, 0);
      return late.length === 0 && more > 100
        ? { done: true, value: undefined }
        : { done: false, seen: `${late.length} partitions that are behind, ${more} changes handled since` };
    },
    { what: "the load to go on", deadlineMs: 45_000, intervalMs: 200 },
  );
}

async function status(consumer: number): Promise<StatusJson> {
  const port = memberPort(stack.ports.consumerPort, consumer);
  return (await fetch(`http://127.0.0.1:${port}/status`)).json() as Promise<StatusJson>;
}

/** Name of the worker that runs the connector's task, such as `connect-2`. */
async function runningWorker(port: number): Promise<string> {
  const target = { url: `http://127.0.0.1:${port}`, operation: "test", until: Date.now() + 5000 };
  const { tasks } = (await getStatus(target, CONNECTOR))!;
  return (tasks[0] as { worker_id?: string }).worker_id!.replace(/:\d+$/, "");
}

test("two brokers join under load: each topic comes to have three copies, of which two have what counts as written", async () => {
  await goesOn();
  await stack.up();
  servers = (await stack.outputs()).bootstrapServers;
  const [, second] = servers.split(",");
  const copies = await copiesOf(second!);
  expect([...copies.keys()]).toEqual(expect.arrayContaining(["__consumer_offsets", "cdc_connect_configs", TOPIC]));
  expect(new Set(copies.values())).toEqual(new Set([3]));
  for (const topic of [TOPIC, "__consumer_offsets"])
    expect(await configOf(second!, topic, ["min.insync.replicas"])).toEqual(["2"]);
}, 240_000);

test("a broker, the worker with the task and a consumer are killed under load: nothing is lost, all goes on, each key in order", async () => {
  await goesOn();
  const begun = { ms: Date.now(), number: writer.last };
  expect(await status(2)).toMatchObject({
    consumer: { state: "up" },
    connector: { state: "up" },
    group: { number: 2, pages: [1, 2].map((n) => `http://localhost:${memberPort(stack.ports.consumerPort, n)}`) },
  });

  // A task that is just starting asks the broker that is killed, and must not wait for its answer.
  await Promise.all([connect.post(`/connectors/${CONNECTOR}/restart?includeTasks=true`), kill("kafka-2")]);
  await goesOn();
  const worker = await runningWorker(stack.ports.connectPort);
  await kill(worker);
  await goesOn();
  // This consumer watches the slot and reads the heartbeats.
  await kill("consumer");
  await goesOn();

  const { code, stdout } = await runVerify(stack);
  expect(stdout).toMatch(/^All are equal\.$/m);
  expect(code).toBe(0);
  await writer.stop();
  const arrived = await poll(
    async () => {
      const found = await arrivedIn(servers, TOPIC, begun);
      return found.numbers.size === writer.last
        ? { done: true, value: found }
        : { done: false, seen: `${found.numbers.size} of ${writer.last}` };
    },
    { what: "all changes in the topic", deadlineMs: 30_000, intervalMs: 500 },
  );
  expect(arrived.disordered).toEqual([]);
  expect(arrived.partitions).toBe(6);
  expect(arrived.longestGapMs).toBeLessThan(30_000);
  // The other consumer has all partitions, and its page asks the remaining worker.
  expect(await status(2)).toMatchObject({ connector: { state: "up" }, broker: { state: "up" } });
}, 240_000);
