import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
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
/** Stands for the client of Python: it tells what it is asked for, has the given records, and cannot commit. */
const CLIENT = `
import json, os, time
class KafkaError: UNKNOWN_TOPIC_OR_PART = 3
class KafkaException(Exception): pass
class Message:
    def __init__(self, given): self.given = [None if each is None else each.encode() for each in given]
    def error(self): return None
    def topic(self): return "shop.public.customers"
    def key(self): return self.given[0]
    def value(self): return self.given[1]
class Consumer:
    def __init__(self, config):
        self.left = [Message(each) for each in json.loads(os.environ["RECORDS"])]
        print("config", json.dumps(config))
    def subscribe(self, topics, **_): print("topics", json.dumps(topics))
    def consume(self, *_, **__):
        time.sleep(0.05)
        given, self.left = self.left, []
        return given
    def commit(self, **_): raise KafkaException("connection refused")
    def close(self): print("closed")
`;
/** Has the program in Go print the given records. It is put beside the program by the compiler alone. */
const RECORDS_IN_GO = `package main
import ("encoding/json"; "os"; "testing"; "github.com/twmb/franz-go/pkg/kgo")
func TestRecords(t *testing.T) {
	var records [][2]*string
	if err := json.Unmarshal([]byte(os.Getenv("RECORDS")), &records); err != nil { t.Fatal(err) }
	bytes := func(text *string) []byte { if text == nil { return nil }; return []byte(*text) }
	for _, each := range records {
		if err := handle(&kgo.Record{Topic: "shop.public.customers", Key: bytes(each[0]), Value: bytes(each[1])}); err != nil { t.Fatal(err) }
	}
}
`;
/** Keys and values as topics have them, also those to which transforms send records, and what is printed of each. */
const FORMS: [key: string | null, value: string | null, printed: object | null][] = [
  [
    '{"id":1}',
    '{"op":"u","before":{"id":1},"after":{"id":1,"n":2},"unchanged":["big"]}',
    { op: "update", key: { id: 1 }, before: { id: 1 }, after: { id: 1, n: 2 }, unchanged: ["big"] },
  ],
  ['{"id":1}', '{"op":"d","before":{"id":1},"after":null}', { op: "delete", before: { id: 1 }, after: null }],
  [null, '{"op":"t","source":{"table":"customers"}}', { op: "truncate", key: null, before: null, after: null }],
  ['{"id":1}', null, null],
  ['"7"', '"{\\"total\\": 3}"', { key: "7", value: '{"total": 3}' }],
  ["7", '{"total":3}', { key: 7, value: { total: 3 } }],
  ["7", '{"op":"c","total":3}', { value: { op: "c", total: 3 } }],
  ["7", '{"op":7,"after":3}', { value: { op: 7, after: 3 } }],
  ["7", '{"op":"?","after":null}', { value: { op: "?", after: null } }],
  ["7", "[1]", { value: [1] }],
  ["7", "null", { value: null }],
  ["7", "", { value: null }],
  ["a key", "a text", { key: "a key", value: "a text" }],
  ["", '{"op":"c","after":{"id":1}}', { op: "create", key: null }],
];
const ENV = {
  ...{ KAFKA_BROKERS: "127.0.0.1:9", KAFKA_GROUP_ID: "group", HTTP_PORT: "0" },
  ...{ KAFKA_TOPICS: "shop.public.customers,shop.message", KAFKA_FURTHER_TOPICS: "routed.*" },
  ...{ KAFKA_DEAD_LETTER_TOPIC: "routed.letters", KAFKA_RETRY_TOPIC: "shop.retry" },
  RECORDS: JSON.stringify(FORMS.map(([key, value]) => [key, value])),
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

async function isSaid(said: { text: string }, words: string): Promise<void> {
  await poll<void>(
    async () => (said.text.includes(words) ? { done: true, value: undefined } : { done: false, seen: said.text }),
    { what: `the words "${words}"`, deadlineMs: 50_000, intervalMs: 50 },
  );
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
      await isSaid(said, "connection refused");
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

test.each(Object.keys(COMMANDS))(
  "the consumer in %s prints records of any form, and goes on behind one that is no change",
  async (language) => {
    const text = language === "python" ? await fromPython() : await fromGo();
    const lines = text.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as object] : []));
    const topic = "shop.public.customers";
    expect(lines).toEqual(
      FORMS.flatMap(([, , printed]) => (printed === null ? [] : [expect.objectContaining({ topic, ...printed })])),
    );
    for (const line of lines) expect("op" in line).toBe(!("value" in line));
  },
);

async function fromPython(): Promise<string> {
  const { child, said, ended } = begun("python", ENV);
  try {
    await isSaid(said, "not committed");
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
  return said.text;
}

async function fromGo(): Promise<string> {
  const [file, overlay] = [join(folder, "records_test.go"), join(folder, "overlay.json")];
  writeFileSync(file, RECORDS_IN_GO);
  writeFileSync(overlay, JSON.stringify({ Replace: { [resolve("examples/go/records_test.go")]: file } }));
  const env = { ...process.env, RECORDS: ENV.RECORDS };
  return runChild("go", ["-C", "examples/go", "test", "-count=1", "-vet=off", "-overlay", overlay], { env });
}

function has(command: string, ...args: string[]): boolean {
  return spawnSync(command, args).status === 0;
}
