import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { bundleConsumer } from "../../../program/consumer-bundle";
import type { ChangeJson } from "../../../consumer/api";
import type { Rig } from "./rig";

const TABLE = "public.batched";
const GROUP = "batches";
const CHANGES = 2_000;

export function batches(rig: Rig): void {
  test("a handler of many changes gets each once and in order, and its offsets are committed", async () => {
    const { database } = rig;
    await database.query(`insert into batched select id, 'row ' || id from generate_series(1, ${CHANGES}) id`);
    await rig.committedUpTo(TABLE, CHANGES);
    const out = mkdtempSync(join(tmpdir(), "batches-"));
    try {
      const context = await bundleConsumer("test/integration/consumer/batch-handler.ts", out);
      // In a group of its own, beside the stack's consumer.
      const env = {
        KAFKA_BROKERS: rig.outputs.bootstrapServers,
        KAFKA_TOPICS: rig.topicOf(TABLE),
        KAFKA_GROUP_ID: GROUP,
        KAFKA_DEAD_LETTER_TOPIC: `${rig.topicOf(TABLE)}.dead`,
        HTTP_PORT: "0",
      };
      const options = { env, maxBuffer: 1 << 26 };
      const running = promisify(execFile)(process.execPath, [join(context, "app", "consumer.js")], options);
      await rig.committedUpTo(TABLE, CHANGES, GROUP);
      running.child.kill("SIGTERM");
      const lines = (await running).stdout.trimEnd().split("\n");
      const printed = lines.map((line) => JSON.parse(line) as ChangeJson).filter(({ id }) => id !== undefined);
      const count = (from: number) => Array.from({ length: CHANGES }, (_, i) => from + i);
      expect(printed.map(({ id }) => id)).toEqual(count(1));
      expect(printed.map(({ offset }) => Number(offset))).toEqual(count(0));
    } finally {
      rmSync(out, { recursive: true });
    }
  }, 60_000);
}
