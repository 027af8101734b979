import { expect, test } from "@jest/globals";
import type { ChangesJson } from "../../../../consumer/api";
import { EVERYTHING } from "../../../../consumer/change/filter";
import { changesAnswer } from "../../../../consumer/feed/http/changes-answer";
import { Recent } from "../../../../consumer/feed/recent";

const EPOCH = "e1";
/** The time in ms that passes with each look at the clock. */
const LOOK_MS = 4;

function ring(entries: number): Recent {
  const recent = new Recent(entries, 1 << 20);
  for (let id = 1; id <= entries; id++) add(recent, id);
  return recent;
}

function add(recent: Recent, id: number): void {
  recent.add({ op: "create", table: "t", json: `{"id":${id}}` });
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** The answer, and the longest time that other requests had to wait. In each of their turns, `perTurn` changes come. */
async function ask(recent: Recent, after: number | null, limit: number, perTurn: number) {
  let time = 0;
  let turnBegan = 0;
  let longest = 0;
  const clock = {
    now: () => (time += LOOK_MS),
    turn: async () => {
      longest = Math.max(longest, time - turnBegan);
      for (let i = 0; i < perTurn; i++) add(recent, recent.total + 1);
      turnBegan = time;
    },
  };
  const text = await changesAnswer(recent, EPOCH, { filter: EVERYTHING, limit, after }, clock);
  const answer = JSON.parse(text) as ChangesJson;
  return { ...answer, ids: answer.changes.map(({ id }) => id), longest };
}

test("others have their turn every 10 ms, and what comes meanwhile is left for the next answer", async () => {
  const { ids, newestId, total, longest } = await ask(ring(100), null, 20, 1);
  expect(ids).toEqual(range(81, 100));
  expect({ newestId, total }).toEqual({ newestId: 100, total: 100 });
  expect(longest).toBeLessThanOrEqual(10 + 2 * LOOK_MS);
  expect((await ask(ring(100), 80, 50, 1)).ids).toEqual(range(81, 100));
});

test("changes that the ring drops meanwhile are left out: the oldest id in it shows that", async () => {
  const after = await ask(ring(100), 0, 100, 10);
  expect(after.ids.slice(0, 3)).toEqual([1, 2, 3]);
  expect(after.ids).toEqual([...new Set(after.ids)].sort((a, b) => a - b));
  expect(after.ids.at(-1)).toBeGreaterThan(90);
  expect(after.ids.length).toBeLessThan(100);
  expect(after.oldestId).toBeGreaterThan(3);
  const newest = await ask(ring(100), null, 100, 10);
  expect(newest.ids).toEqual(range(100 - newest.ids.length + 1, 100));
});
