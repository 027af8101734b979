import { expect, test } from "@jest/globals";
import { poll } from "../../../components/poll";
import { docker, logs } from "../../support/stack";
import type { Rig } from "./rig";

const TABLE = "public.crashed";
const KEYS = 100;
/** Number of updates of all keys, or more when the machine is slow. With the insert, that is 10,000 changes. */
const UPDATES = 99;
const UPDATES_AFTERWARDS = 10;
/** How many changes the writer may be ahead. With more, lines from before the kill would be rotated out of the log. */
const MOST_AHEAD = 1000;
/** How much may come again without being marked as repeated: lines that were written and not yet noted, 32 KB and the last line. */
const UNMARKED_CHARACTERS = 34 * 1024;

export function crash(rig: Rig): void {
  test("a kill -9 in the middle of 10,000 changes loses none, keeps each key's order, and repeats are counted", async () => {
    const { database } = rig;
    // The handler takes a millisecond for a tenth of the changes, so the consumer always has something to do while changes are written.
    await database.query(
      `insert into crashed select id, 0, case id % 10 when 0 then 'slow' end from generate_series(1, ${KEYS}) id`,
    );
    let version = 0;
    const update = () => database.query("update crashed set version = $1", [++version]);
    let killed = false;
    const writing = (async () => {
      while (!killed || version < UPDATES - UPDATES_AFTERWARDS) {
        await update();
        await rig.committedUpTo(TABLE, KEYS * (1 + version) - MOST_AHEAD);
      }
      for (let i = 0; i < UPDATES_AFTERWARDS; i++) await update();
    })();
    await rig.handled(TABLE, 1000);
    await freezeBetweenLogAndCommit(rig);
    await docker("kill", "--signal", "KILL", rig.container);
    killed = true;
    await docker("start", rig.container);
    await writing;
    await rig.until(TABLE, (changes) => changes.filter(({ after }) => after?.["version"] === version).length >= KEYS);

    const all = KEYS * (1 + version);
    const lives = await rig.printedUpTo(TABLE, all - 1);
    expect(lives.map((changes) => [changes[0]!.offset, changes.at(-1)!.offset])).toHaveLength(2);
    const [first, second] = lives.map((changes) => changes.map(({ offset }) => Number(offset))) as [number[], number[]];
    expect(all).toBeGreaterThanOrEqual(10_000);
    expect(first.length).toBeGreaterThanOrEqual(1000);
    expect(first.length).toBeLessThan(all);
    // Within a run of the process, no change is left out or comes twice. The second run begins before the end of the first.
    expect(first).toEqual(range(0, first.length));
    expect(second).toEqual(range(second[0]!, all));
    const repeats = lives[1]!.filter(({ offset }) => Number(offset) < first.length);
    expect(repeats.length).toBeGreaterThan(0);

    const perKey = new Map<unknown, unknown[]>();
    for (const { key, after } of [...lives[0]!, ...lives[1]!.slice(repeats.length)]) {
      perKey.set(key?.["id"], [...(perKey.get(key?.["id"]) ?? []), after?.["version"]]);
    }
    expect(perKey.size).toBe(KEYS);
    for (const versions of perKey.values()) expect(versions).toEqual(range(0, version + 1));

    const marked = lives[1]!.filter(({ duplicate }) => duplicate !== undefined);
    expect(marked).toEqual(repeats.slice(0, marked.length));
    expect(await rig.metric("cdc_duplicates_total", { kind: "redelivered" })).toBe(marked.length);
    expect(JSON.stringify(repeats.slice(marked.length)).length).toBeLessThan(UNMARKED_CHARACTERS);
  }, 120_000);

  test("one that is joined by another version's member waits until that has gone, and is not started anew", async () => {
    const { container } = rig;
    await docker("stop", container);
    // It assigns partitions as kafkajs does by default.
    const other = rig.kafka.consumer({ groupId: "cdc-consumer", sessionTimeout: 6_000 });
    await other.connect();
    const joined = new Promise((resolve) => other.on(other.events.GROUP_JOIN, resolve));
    await other.subscribe({ topics: [rig.topicOf(TABLE)] });
    await other.run({ eachMessage: async () => undefined, autoCommit: false });
    await joined;
    const before = await docker("inspect", "--format", "{{.RestartCount}}", container);
    await docker("start", container);
    await poll<void>(
      async () => {
        const said = (await logs(container)).includes("a consumer of another version is still in the group");
        return said ? { done: true, value: undefined } : { done: false, seen: "nothing of it in the log" };
      },
      { what: "the consumer to say what it waits for", deadlineMs: 30_000, intervalMs: 100 },
    );
    await other.disconnect();
    await rig.healthy();
    expect(await docker("inspect", "--format", "{{.RestartCount}}", container)).toBe(before);
  }, 60_000);
}

/** Stops the process at a moment when it has printed changes whose offsets are not committed yet. */
async function freezeBetweenLogAndCommit(rig: Rig): Promise<void> {
  for (;;) {
    await signal(rig, "STOP");
    const printed = (await rig.printed(TABLE, 100)).at(-1)?.at(-1);
    if (printed && Number(printed.offset) >= (await rig.committed(TABLE))) return;
    await signal(rig, "CONT");
  }
}

/** Sends a signal to all processes of the container but the init process. */
async function signal(rig: Rig, name: "STOP" | "CONT"): Promise<void> {
  await docker("exec", rig.container, "sh", "-c", `kill -${name} -1`);
}

function range(from: number, end: number): number[] {
  return Array.from({ length: end - from }, (_, i) => from + i);
}
