import { expect, test } from "@jest/globals";
import { poll } from "../../../components/poll";
import type { ChangeJson } from "../../../consumer/api";
import { docker } from "../../support/stack";
import type { Rig } from "./rig";

const TABLES = ["public.parts", "public.keyed", "public.large"];

/** A second consumer of the same image, in a group of its own, that leaves kafkajs as it is published. */
export function asPublished(rig: Rig): void {
  test("kafkajs without any of our changes gives the same changes, in the same order, and commits them", async () => {
    const container = `${rig.container}-as-published`;
    const groupId = "cdc-consumer-as-published";
    const [usual] = JSON.parse(await docker("inspect", rig.container)) as [Inspected];
    const changed: Record<string, string> = {
      KAFKAJS: "as-published",
      KAFKA_GROUP_ID: groupId,
      KAFKA_TOPICS: TABLES.map((table) => rig.topicOf(table)).join(),
      KAFKA_FURTHER_TOPICS: "",
      KAFKA_RETRY_TOPIC: "",
      STATE_DIR: "",
    };
    // It has none of the usual consumer's files, and watches neither slot nor connector.
    const kept = usual.Config.Env.filter((line) => {
      const [name] = line.split("=");
      return !(name! in changed) && !/^(REPLICATION_SLOT|(POSTGRES|CONNECT)_\w+|\w+_FILE)$/.test(name!);
    });
    const env = [...kept, ...Object.entries(changed).map(([name, value]) => `${name}=${value}`)];
    const [network] = Object.keys(usual.NetworkSettings.Networks);
    await docker(
      "run",
      "--detach",
      ...["--name", container, "--network", network!, "--label", rig.stack.label],
      ...env.flatMap((line) => ["--env", line]),
      usual.Config.Image,
    );
    try {
      const expected = await Promise.all(TABLES.map((table) => rig.until(table, ({ length }) => length > 0)));
      const found = await poll(
        async () => {
          const all = await Promise.all(
            TABLES.map(async (table) => (await rig.printed(table, Infinity, container)).flat()),
          );
          const done = all.every((changes, i) => changes.length >= expected[i]!.length);
          return done ? { done, value: all } : { done, seen: all.map(({ length }) => length).join(", ") };
        },
        { what: "the second consumer", deadlineMs: 60_000, intervalMs: 100 },
      );
      expect(found.map(told)).toEqual(expected.map(told));
      for (const [i, table] of TABLES.entries()) {
        await rig.committedUpTo(table, Number(expected[i]!.at(-1)!.offset) + 1, groupId);
      }
    } finally {
      await docker("rm", "--force", container);
    }
  }, 90_000);
}

interface Inspected {
  Config: { Env: string[]; Image: string };
  NetworkSettings: { Networks: Record<string, unknown> };
}

/** A change without its number and its time, which differ between processes. */
function told(changes: ChangeJson[]): unknown[] {
  return changes.map(({ id: _id, lagMs: _lagMs, ...rest }) => rest);
}
