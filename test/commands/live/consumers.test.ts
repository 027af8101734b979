import { writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { liveConsumers, programOf } from "../../../commands/live/consumers";

test("every consumer of the stack is meant, each with its page; nothing else is", async () => {
  const names = ["cdc-dev-consumer-2", "cdc-dev-kafka", "cdc-dev-consumer-10", "cdc-dev-consumer"].join("\n");
  const consumers = await liveConsumers("cdc-dev", "http://127.0.0.1:8088", () => Promise.resolve(names));
  expect(consumers).toEqual([
    { container: "cdc-dev-consumer", feedUrl: "http://127.0.0.1:8088" },
    { container: "cdc-dev-consumer-2", feedUrl: "http://127.0.0.1:8089" },
    { container: "cdc-dev-consumer-10", feedUrl: "http://127.0.0.1:8097" },
  ]);
});

test.each([
  ["a", "a", "a"],
  ["a", "b", undefined],
  ["a", "", undefined],
])("programs %j and %j: all have %j", async (first, second, all) => {
  const programs: Record<string, string> = { one: first, two: second };
  const cp = (...args: string[]) => {
    const text = programs[args[2]!.split(":")[0]!];
    if (!text) return Promise.reject(new Error("No such container"));
    writeFileSync(args[3]!, text);
    return Promise.resolve("");
  };
  expect(
    await programOf(
      ["one", "two"].map((container) => ({ container, feedUrl: "" })),
      cp,
    ),
  ).toBe(all);
});
