import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { freePorts } from "../../../commands/processes/free-ports";
import { poll } from "../../../components/poll";
import { bundleConsumer } from "../../../program/consumer-bundle";
import type { Rig } from "./rig";

const TOPIC = "several.public.numbers";
const LATER = "several.public.later";
const PARTITIONS = 6;
const KEYS = 60;
const CHANGES = 2400;

/** Two consumers of one group, as processes on this machine, that read topics of their own. */
export function several(rig: Rig): void {
  test("members that leave for a moment, to read a further topic, handle each key's changes in order, and all of them", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cdc-several-"));
    const calls = join(folder, "calls");
    writeFileSync(calls, "");
    const program = join(await bundleConsumer("test/integration/consumer/several-handler.ts", folder), "app");
    const admin = rig.kafka.admin();
    await admin.connect();
    const running: ChildProcess[] = [];
    let output = "";
    const begin = async (): Promise<void> => {
      const [port] = await freePorts(1);
      const child = spawn(process.execPath, [join(program, "consumer.js")], {
        env: {
          CALLS: calls,
          KAFKA_BROKERS: rig.outputs.bootstrapServers,
          KAFKA_TOPICS: TOPIC,
          KAFKA_FURTHER_TOPICS: "several.*",
          KAFKA_GROUP_ID: "several",
          KAFKA_DEAD_LETTER_TOPIC: "several-dead-letters",
          HTTP_PORT: String(port),
          LOG_FORMAT: "text",
        },
      });
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (data: Buffer) => (output += data.toString()));
      running.push(child);
    };
    const called = (atLeast: number): Promise<Call[]> =>
      poll<Call[]>(
        () => {
          const all = callsIn(readFileSync(calls, "utf8"));
          const numbers = new Set(all.map(({ number }) => number));
          const done = numbers.size >= atLeast;
          return Promise.resolve(done ? { done, value: all } : { done, seen: `${numbers.size} changes` });
        },
        { what: `${atLeast} changes to be handled`, deadlineMs: 60_000, intervalMs: 100 },
      ).catch((error: Error) => Promise.reject(new Error(`${error.message}\n${output}`)));
    try {
      await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: PARTITIONS }] });
      const producer = rig.kafka.producer();
      await producer.connect();
      const messages = Array.from({ length: CHANGES }, (_, i) => ({
        key: JSON.stringify({ id: i % KEYS }),
        value: JSON.stringify({ id: i % KEYS, number: i }),
      }));
      await producer.send({ topic: TOPIC, messages });
      await producer.disconnect();
      await begin();
      await called(CHANGES / 20);
      await begin();
      await called(CHANGES / 5);
      await admin.createTopics({ topics: [{ topic: LATER, numPartitions: 1 }] });
      const all = await called(CHANGES);
      expect(output.match(/reads several\.public\.later too/g)).toHaveLength(2);
      expect(outOfOrder(all)).toEqual([]);
    } finally {
      for (const child of running) child.kill("SIGKILL");
      await admin.deleteTopics({ topics: [TOPIC, LATER] }).catch(() => undefined);
      await admin.disconnect();
      rmSync(folder, { recursive: true });
    }
  }, 120_000);
}

interface Call {
  id: number;
  number: number;
}

function callsIn(text: string): Call[] {
  const lines = text.split("\n").slice(0, -1);
  return lines.map((line) => line.split(" ").map(Number)).map(([id, number]) => ({ id: id!, number: number! }));
}

/** Calls that leave out an earlier change of their key. One that begins again from an earlier change, and goes on from there, is in order. */
function outOfOrder(calls: readonly Call[]): string[] {
  const last = new Map<number, number>();
  return calls.flatMap(({ id, number }) => {
    const before = last.get(id) ?? id - KEYS;
    last.set(id, number);
    return number <= before + KEYS ? [] : [`key ${id}: ${number} after ${before}`];
  });
}
