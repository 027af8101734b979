import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { runChild } from "../../commands/processes/child";
import { poll } from "../../components/poll";

/** The consumers in other languages without a broker, where this machine has their language. `test/integration/own-consumer` has one. */
const folder = mkdtempSync(join(tmpdir(), "cdc-consumers-"));
const GO = join(folder, "consumer");
const COMMANDS: Record<string, [command: string, ...args: string[]]> = {
  ...(has("python3", "--version") && { python: ["python3", "-u", "examples/python/consumer.py"] }),
  ...(has("go", "version") && { go: [GO] }),
};
/** Stands for the client of Python: it tells what it is asked for, has one record, and cannot commit. */
const CLIENT = `
import json, time
class KafkaError: UNKNOWN_TOPIC_OR_PART = 3
class KafkaException(Exception): pass
class Message:
    def error(self): return None
    def topic(self): return "shop.public.customers"
    def key(self): return b"1"
    def value(self): return b'{"op": "c", "after": {"id": 1}}'
class Consumer:
    def __init__(self, config):
        self.left = [Message()]
        print("config", json.dumps(config))
    def subscribe(self, topics, **_): print("topics", json.dumps(topics))
    def consume(self, *_, **__):
        time.sleep(0.05)
        given, self.left = self.left, []
        return given
    def commit(self, **_): raise KafkaException("connection refused")
    def close(self): print("closed")
`;
const ENV = {
  ...{ KAFKA_BROKERS: "127.0.0.1:9", KAFKA_GROUP_ID: "group", HTTP_PORT: "0" },
  ...{ KAFKA_TOPICS: "shop.public.customers,shop.message", KAFKA_FURTHER_TOPICS: "routed.*" },
  ...{ KAFKA_DEAD_LETTER_TOPIC: "routed.letters", KAFKA_RETRY_TOPIC: "shop.retry" },
};

beforeAll(async () => {
  writeFileSync(join(folder, "confluent_kafka.py"), CLIENT);
  if ("go" in COMMANDS) await runChild("go", ["-C", "examples/go", "build", "-o", GO, "."]);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

function begun(language: string, env: Record<string, string>) {
  const [command, ...args] = COMMANDS[language]!;
  const python = { PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: "1" };
  const child = spawn(command, args, { env: { PATH: process.env["PATH"], ...python, ...env } });
  const said = { text: "" };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (said.text += String(data)));
  return { child, said, ended: once(child, "close").then(([code]) => code as number | null) };
}

test.each(Object.keys(COMMANDS))("the consumer in %s names a variable that it is not told", async (language) => {
  const { KAFKA_TOPICS: _topics, ...env } = ENV;
  const { said, ended } = begun(language, env);
  expect(await ended).toBe(1);
  expect(said.text).toMatch(/^[\d/: ]*KAFKA_TOPICS is not set\. .*docs\/consumer\.md\.?\n$/);
});

test.each(Object.keys(COMMANDS))(
  "the consumer in %s says that the broker is away, goes on, and ends by Ctrl-C",
  async (language) => {
    const { child, said, ended } = begun(language, ENV);
    try {
      await poll<void>(
        async () =>
          said.text.includes("connection refused")
            ? { done: true, value: undefined }
            : { done: false, seen: said.text },
        { what: "a word about the broker", deadlineMs: 50_000, intervalMs: 50 },
      );
      child.kill("SIGINT");
      expect(await ended).toBe(0);
    } finally {
      child.kill("SIGKILL");
    }
    if (language !== "python") return;
    const told = (what: string) => JSON.parse(new RegExp(`^${what} (.*)$`, "m").exec(said.text)![1]!) as never;
    expect(told("topics")).toEqual(["shop.public.customers", "shop.message", "^routed\\..*$"]);
    expect(told("config")).toMatchObject({ "topic.blacklist": "^routed\\.letters$,^shop\\.retry$" });
    expect(said.text).toMatch(/^closed$/m);
  },
);

function has(command: string, ...args: string[]): boolean {
  return spawnSync(command, args).status === 0;
}
