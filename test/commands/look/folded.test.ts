import { expect, test } from "@jest/globals";
import { folded } from "../../../commands/look/folded";
import type { Finding, Mark } from "../../../commands/look/finding";

const topic = (about: string, mark: Mark): Finding => ({ part: "topics", about, mark, text: "" });
const many = (count: number, mark: Mark) => Array.from({ length: count }, (_, at) => topic(`${mark}-${at}`, mark));
const slot: Finding = { part: "slot", about: "debezium", mark: "good", text: "" };
const deliveries: Finding = { part: "deliveries", about: "http://localhost:8088", mark: "good", text: "" };

test("twenty topics have a line each, and one more needs none of its own", () => {
  const findings = [slot, ...many(21, "good"), deliveries];
  expect(folded(findings)).toEqual(findings);
});

test("of some hundred topics what is wrong and what is behind comes first, and the rest is one line in their place", () => {
  const shown = folded([slot, ...many(400, "good"), ...many(3, "note"), topic("gone", "bad"), deliveries]);
  expect(shown.filter(({ part }) => part === "topics").map(({ about }) => about)).toEqual([
    ...Array.from({ length: 17 }, (_, at) => `good-${at}`),
    ...["note-0", "note-1", "note-2"],
    ...["383 topics more", "gone"],
  ]);
  expect(shown.find(({ about }) => about.endsWith("more"))).toMatchObject({
    mark: "good",
    text: "all records handled; with --json each of them",
  });
  expect([shown[0], shown.at(-1)]).toEqual([slot, deliveries]);
});

test("where more are behind than have a line, the last line says how many", () => {
  expect(folded(many(50, "note")).at(-1)).toMatchObject({
    ...{ about: "30 topics more", mark: "note" },
    text: "30 of them behind; with --json each of them",
  });
});
