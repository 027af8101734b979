import { describe, expect, test } from "@jest/globals";
import { microClock } from "../../consumer/clock";
import { kafkaLogs } from "../../consumer/kafka/kafka-log";
import { createLog, errorText } from "../../consumer/log";

const NOW = Date.parse("2026-01-01T12:00:00.123Z");

function logTo(format: "json" | "text") {
  const writes: string[] = [];
  return {
    writes,
    log: createLog(
      format,
      (text) => writes.push(text),
      () => NOW,
    ),
  };
}

describe("the log", () => {
  test("leaves out lines below its level, and no change", () => {
    const writes: string[] = [];
    const log = createLog(
      "text",
      (text) => writes.push(text),
      () => NOW,
      "warn",
    );
    log.info("starts");
    log.warn("slow");
    log.line("change");
    log.flush();
    expect(writes).toEqual([expect.stringContaining("slow"), "change\n"]);
  });

  test("gathers lines and writes them in one go", () => {
    const { writes, log } = logTo("json");
    log.line("a");
    log.line("b");
    expect(writes).toEqual([]);
    log.flush();
    log.flush();
    expect(writes).toEqual(["a\nb\n"]);
  });

  test("has the number of characters that it holds", () => {
    const { log } = logTo("json");
    log.line("abc");
    expect(log.gathered).toBe(4);
    log.flush();
    expect(log.gathered).toBe(0);
  });

  test("its own lines are JSON and keep their place among the changes", () => {
    const { writes, log } = logTo("json");
    log.line("change");
    log.warn("slow", { topic: "t" });
    expect(writes.join("")).toBe(
      'change\n{"time":"2026-01-01T12:00:00.123Z","level":"warn","message":"slow","topic":"t"}\n',
    );
  });

  test("or readable", () => {
    const { writes, log } = logTo("text");
    log.info("joined", { partitions: 3 });
    expect(writes).toEqual(["12:00:00.123  info      joined partitions=3\n"]);
  });

  test("kafkajs speaks in plain lines, without stack, and not the same over and over", () => {
    const { writes, log } = logTo("text");
    const { logCreator } = kafkaLogs(log);
    const entry = { level: 1, namespace: "Connection", label: "ERROR" };
    const details = { timestamp: "", message: "Connection error", error: "ECONNREFUSED", stack: "at x\nat y" };
    for (let i = 0; i < 3; i++) logCreator(2)({ ...entry, log: details as never });
    logCreator(2)({ ...entry, log: { ...details, message: "Crash: KafkaJSError: x" } as never });
    expect(writes).toEqual(["12:00:00.123  error     kafkajs Connection: Connection error: ECONNREFUSED\n"]);
  });
});

test("a message about a lost offset says what it means", () => {
  const { writes, log } = logTo("text");
  const message = "Offset out of range, resetting to default offset";
  const details = { timestamp: "", message, topic: "p.public.customers", partition: 0, groupId: "g" };
  kafkaLogs(log).logCreator(2)({ level: 1, namespace: "ConsumerGroup", label: "ERROR", log: details as never });
  expect(writes).toEqual([
    "12:00:00.123  error     p.public.customers no longer has the offset to go on from: its records were deleted unread, " +
      "or it was made anew. Going on from the oldest that it has partition=0\n",
  ]);
});

describe("what was thrown, in words", () => {
  const refused = new Error("connect ECONNREFUSED 127.0.0.1:5432");
  test.each<[string, unknown, string]>([
    ["an error", new Error("no such customer"), "no such customer"],
    ["an error without words", new RangeError(), "RangeError"],
    ["a failed fetch", new TypeError("fetch failed", { cause: refused }), `fetch failed: ${refused.message}`],
    [
      "a cause that is said already",
      new Error(`setup: ${refused.message}`, { cause: refused }),
      `setup: ${refused.message}`,
    ],
    [
      "a host with two addresses",
      new AggregateError([refused, new Error("connect ECONNREFUSED ::1:5432")]),
      `${refused.message}: connect ECONNREFUSED ::1:5432`,
    ],
    ["a text", "just a text", "just a text"],
    ["nothing", undefined, "undefined"],
    ["an object", { code: 42 }, "{ code: 42 }"],
    ["an object without a prototype", Object.create(null), "[Object: null prototype] {}"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
  ])("%s", (_what, error, words) => {
    expect(errorText(error)).toBe(words);
  });

  test("a circle of causes ends, and a very long text is cut", () => {
    const error = new Error("round");
    error.cause = error;
    expect(errorText(error)).toBe("round");
    expect(errorText(new Error("x".repeat(20_000_000)))).toBe(`${"x".repeat(4_000)}…`);
  });
});

describe("the clock", () => {
  test("is finer than ms and follows the wall clock", () => {
    let monotonic = 5.25;
    let wall = 1000;
    const micros = microClock(
      () => monotonic,
      () => wall,
    );
    expect(micros()).toBe(1_000_000);
    monotonic += 0.5;
    expect(micros()).toBe(1_000_500);
    monotonic += 1.5;
    wall += 2;
    expect(micros()).toBe(1_002_000);
  });

  test("is right again after the computer slept or its time was set", () => {
    let monotonic = 0;
    let wall = 1000;
    const micros = microClock(
      () => monotonic,
      () => wall,
    );
    wall += 3_600_000;
    expect(micros()).toBe(3_601_000_000);
    wall -= 3_600_000;
    monotonic += 1;
    expect(micros()).toBe(1_000_000);
  });
});
