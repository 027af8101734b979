import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { bundleConsumer } from "../../program/consumer-bundle";

// Uses a real server or a process of its own, where a step takes seconds on a busy machine.
const directory = mkdtempSync(join(tmpdir(), "consumer-"));
let program: string;
const started: ChildProcess[] = [];

beforeAll(async () => {
  program = join(await bundleConsumer("consumer/handler.ts", directory), "app", "consumer.js");
});
afterEach(() => started.splice(0).forEach((child) => child.kill("SIGKILL")));
afterAll(() => rmSync(directory, { recursive: true }));

/** A port on which nothing listens: the system does not soon give out again a port that was closed. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function start(env: { [name: string]: string }, file = program) {
  const child = spawn(process.execPath, [file], { env });
  started.push(child);
  let output = "";
  const waiting: { text: string; resolve: () => void }[] = [];
  const read = (data: Buffer) => {
    output += data.toString("utf8");
    waiting.filter(({ text }) => output.includes(text)).forEach(({ resolve }) => resolve());
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  const exit = new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));
  return {
    child,
    exit,
    output: () => output,
    says: (text: string) =>
      new Promise<void>((resolve, reject) => {
        if (output.includes(text)) return resolve();
        waiting.push({ text, resolve });
        void exit.then((code) => reject(new Error(`exit ${code} without saying "${text}", but: ${output}`)));
      }),
  };
}

const environment = async () => ({
  KAFKA_BROKERS: `127.0.0.1:${await freePort()}`,
  KAFKA_TOPICS: "t",
  KAFKA_GROUP_ID: "g",
  KAFKA_DEAD_LETTER_TOPIC: "dead",
  HTTP_PORT: String(await freePort()),
  LOG_FORMAT: "text",
});

/** Makes the program with a handler of this text. */
async function programOf(handler: string): Promise<string> {
  const file = join(directory, "own.ts");
  const types = JSON.stringify(resolve("consumer/delivery/handler"));
  writeFileSync(file, `import { defineHandler } from ${types};\nexport const handle = defineHandler(${handler});`);
  return join(await bundleConsumer(file, directory), "app", "consumer.js");
}

describe("the program", () => {
  test("waits for Kafka, says so in one line, answers meanwhile, and ends well at SIGTERM", async () => {
    const env = await environment();
    const consumer = start(env);
    await consumer.says(`waiting for Kafka at ${env.KAFKA_BROKERS}`);
    const health = await fetch(`http://127.0.0.1:${env.HTTP_PORT}/healthz`);
    expect([health.status, await health.json()]).toMatchObject([
      503,
      { status: "unavailable", reason: expect.stringContaining("waiting for Kafka") },
    ]);
    consumer.child.kill("SIGTERM");
    expect(await consumer.exit).toBe(0);
    const lines = consumer.output().trimEnd().split("\n");
    expect(lines.map((line) => line.replace(/^[\d:.]+ +info +/, "").slice(0, 17))).toEqual([
      "waiting for Kafka",
      "SIGTERM: finishin",
      "stopped",
    ]);
  });

  test("ends at once, saying what is wrong, when it is set up badly", async () => {
    const consumer = start({ ...(await environment()), LOG_FORMAT: "xml" });
    expect(await consumer.exit).toBe(1);
    expect(consumer.output()).toBe('LOG_FORMAT is "xml"; allowed: json or text\n');
  });

  test("closes a handler at the end", async () => {
    const env = await environment();
    const handler = `{
      setup: ({ log }) => { log.info("set up"); return log; },
      handle: () => undefined,
      close: (log) => log.info("closed"),
    }`;
    const consumer = start(env, await programOf(handler));
    await consumer.says(`waiting for Kafka at ${env.KAFKA_BROKERS}`);
    consumer.child.kill("SIGTERM");
    expect(await consumer.exit).toBe(0);
    const lines = consumer.output().trimEnd().split("\n");
    expect(lines.map((line) => line.replace(/^[\d:.]+ +info +/, "").slice(0, 17))).toEqual([
      "set up",
      "waiting for Kafka",
      "SIGTERM: finishin",
      "closed",
      "stopped",
    ]);
  });

  test("ends when its handler cannot be set up, or closed", async () => {
    const setup = `{ setup: () => Promise.reject(new Error("no such host")), handle: () => undefined }`;
    const broken = start(await environment(), await programOf(setup));
    expect(await broken.exit).toBe(1);
    expect(broken.output()).toContain(
      "the handler's setup failed: no such host; giving up, the container starts it again",
    );

    const close = `{ handle: () => undefined, close: () => Promise.reject(new Error("timed out")) }`;
    const env = await environment();
    const stuck = start(env, await programOf(close));
    await stuck.says(`waiting for Kafka at ${env.KAFKA_BROKERS}`);
    stuck.child.kill("SIGTERM");
    expect(await stuck.exit).toBe(1);
    expect(stuck.output()).toContain("did not stop well: timed out");
  });

  test("ends when work that its handler began fails and nothing awaits it, and prints the reason, whatever was thrown", async () => {
    const setup = "{ setup: () => void setTimeout(() => { throw null; }, 0), handle: () => undefined }";
    const broken = start(await environment(), await programOf(setup));
    expect(await broken.exit).toBe(1);
    expect(broken.output()).toContain("unexpected: null");
  });

  test("ends when its port is taken, naming the port and where it is set", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
    const { port } = server.address() as AddressInfo;
    const consumer = start({ ...(await environment()), HTTP_PORT: String(port) });
    expect(await consumer.exit).toBe(1);
    expect(consumer.output()).toContain(`cannot serve HTTP on port ${port} (HTTP_PORT): listen EADDRINUSE`);
    await new Promise((resolve) => server.close(resolve));
  });
});
