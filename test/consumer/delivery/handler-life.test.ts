import { beforeEach, describe, expect, test } from "@jest/globals";
import { defineHandler } from "../../../consumer/delivery/handler";
import { type Callee, type Exported, startHandler } from "../../../consumer/delivery/handler-life";
import { createLog } from "../../../consumer/log";

let events: string[];
let callee: Callee | undefined;

beforeEach(() => {
  events = [];
  callee = undefined;
});

function start(exported: Exported) {
  return startHandler(exported, {
    log: createLog(
      "json",
      () => undefined,
      () => 0,
    ),
    begin: (begun) => {
      callee = begun;
      events.push("begin");
      return { stop: async () => void events.push("stream stopped") };
    },
    failed: (error) => events.push(error.message),
  });
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a handler with a life of its own", () => {
  test("is set up before the first change, given what setup returned, and closed after the last", async () => {
    const life = start(
      defineHandler({
        async setup({ log }) {
          await turn();
          events.push(`set up, with a log: ${typeof log.info === "function"}`);
          return { rows: ["first"] };
        },
        handle(change, _context, { rows }) {
          rows.push(change.table);
        },
        async close({ rows }) {
          await turn();
          events.push(`closed after ${rows.join()}`);
        },
      }),
    );
    expect(events).toEqual([]);
    await turn();
    await turn();
    expect(events).toEqual(["set up, with a log: true", "begin"]);
    if (callee === undefined || !("handler" in callee)) throw new Error("no handler");
    await callee.handler({ table: "public.t" } as never, {} as never);
    await life.stop();
    expect(events.slice(2)).toEqual(["stream stopped", "closed after first,public.t"]);
  });

  test("takes one at a time when it has the name of the other way too, with nothing behind it", async () => {
    start({ handle: () => void events.push("handled"), handleBatch: undefined } as never);
    await turn();
    if (callee === undefined || !("handler" in callee)) throw new Error("no handler");
    await callee.handler({} as never, {} as never);
    expect(events).toEqual(["begin", "handled"]);
  });

  test("may take many changes at once", async () => {
    const seen: unknown[] = [];
    const handleBatch = (...args: unknown[]) => void seen.push(args);
    start(defineHandler({ setup: () => 7, handleBatch }));
    await turn();
    if (callee === undefined || !("batchHandler" in callee)) throw new Error("no batch handler");
    expect(callee.mostChanges).toBe(500);
    void callee.batchHandler(["changes"] as never, "context" as never);
    expect(seen).toEqual([[["changes"], "context", 7]]);
  });

  test("may be a function alone", async () => {
    const life = start(() => undefined);
    await turn();
    await life.stop();
    expect(events).toEqual(["begin", "stream stopped"]);
  });

  test("whose setup fails is reported, and gets no change", async () => {
    start(defineHandler({ setup: () => Promise.reject(new Error("no such host")), handle: () => undefined }));
    await turn();
    expect(events).toEqual(["the handler's setup failed: no such host"]);
  });

  test("that is stopped while it is set up begins nothing, and is closed when its setup worked all the same", async () => {
    const patient = start(
      defineHandler({
        setup: ({ signal }) => new Promise<string>((done) => signal.addEventListener("abort", () => done("state"))),
        handle: () => undefined,
        close: (state) => void events.push(`closed ${state}`),
      }),
    );
    await patient.stop();
    const impatient = start(
      defineHandler({
        setup: ({ signal }) =>
          new Promise<string>((_done, fail) => signal.addEventListener("abort", () => fail(signal.reason as Error))),
        handle: () => undefined,
        close: (state) => void events.push(`closed ${state}`),
      }),
    );
    await impatient.stop();
    expect(events).toEqual(["closed state"]);
  });
});

test.each<[string, unknown, string]>([
  ["nothing", undefined, "exports no handler"],
  ["an object of nothing", {}, "exports no handler"],
  ["both ways", { handle: () => undefined, handleBatch: () => undefined }, "exports no handler"],
  [
    "no number of changes",
    { handleBatch: () => undefined, mostChanges: 0 },
    "mostChanges of the handler is 0; allowed: ",
  ],
])("an export of %s is refused", async (_what, exported, message) => {
  start(exported as Exported);
  await turn();
  expect(events).toEqual([expect.stringContaining(message)]);
});
