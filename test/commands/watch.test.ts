import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { colored, plain } from "../../commands/terminal/paint";
import { UsageError } from "../../commands/terminal/usage";
import { changeLine } from "../../commands/watch/change-line";
import { parseOptions } from "../../commands/watch/watch-options";
import { unreadTexts } from "../../commands/watch/unread-tables";
import { watch } from "../../commands/watch/watch-feed";
import { customer, FakeConsumer } from "../support/fakes/fake-consumer";

let consumer: FakeConsumer;
let stop: AbortController;
let lines: string[];
let notices: string[];
const empty = mkdtempSync(join(tmpdir(), "page-"));

beforeEach(async () => {
  consumer = await FakeConsumer.start({ pageDirectory: empty });
  stop = new AbortController();
  lines = [];
  notices = [];
});
afterEach(async () => {
  stop.abort();
  await consumer.stop();
  rmSync(empty, { recursive: true, force: true });
});

/** The watch of the stack's first consumer. */
function start(...args: string[]): Promise<void> {
  const options = parseOptions(args);
  if (!options) throw new Error("these arguments ask for help");
  const output = {
    line: (text: string) => void lines.push(text),
    notice: (text: string) => void notices.push(text),
    drained: () => undefined,
  };
  return watch(consumer.url, options, output, plain, stop.signal);
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 500) throw new Error(`it did not come; lines: ${lines.join("|")}, notices: ${notices.join("|")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const withoutTime = (line: string): string => line.replace(/^\d\d:\d\d:\d\d\.\d{3}/, "TIME");

test("shows the last changes and then each as it comes", async () => {
  consumer.send({ op: "create", after: customer(1) });
  void start();
  await until(() => lines.length === 1);
  consumer.send({ op: "update", before: customer(1), after: customer(1, { email: null }) });
  await until(() => lines.length === 2);
  expect(lines.map(withoutTime)).toEqual([
    "TIME  create    public.customers  1  first_name: 'Ada', last_name: 'Lovelace', email: 'ada1@example.com'  5.3 ms",
    "TIME  update    public.customers  1  email: 'ada1@example.com' → null  5.3 ms",
  ]);
});

test("filters by table and op, and for a pipe prints JSON that begins with now", async () => {
  consumer.send({ op: "create", after: customer(1) });
  void start("--json", "--table", "public.customers", "--op", "create,delete");
  await until(() => consumer.requests.some((url) => url.startsWith("/events")));
  consumer.send(
    { op: "create", table: "public.orders", after: { id: 1 } },
    { op: "update", before: customer(1), after: customer(1, { email: "x" }) },
    { op: "delete", before: customer(1) },
  );
  await until(() => lines.length === 1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ op: "delete", table: "public.customers", key: { id: 1 } });
  expect(notices).toEqual([]);
});

test("a table that the consumer does not read is reported, with the one that may be meant", () => {
  const topics = ["cdctest.public.customers", "cdctest.shop.Order_Details", "routed"];
  const waiting = "Waiting all the same, as it may come";
  expect(unreadTexts(["customers"], topics)).toEqual([
    `customers is no captured table. Did you mean public.customers? ${waiting}`,
  ]);
  expect(unreadTexts(["public.custmers"], topics)).toEqual([
    `public.custmers is no captured table. Did you mean public.customers? ${waiting}`,
  ]);
  expect(unreadTexts(["elsewhere.at_all"], topics)).toEqual([`elsewhere.at_all is no captured table. ${waiting}`]);
  expect(unreadTexts(["public.customers", "shop.Order Details", "routed"], topics)).toEqual([]);
  expect(unreadTexts(["customers"], [])).toEqual([]);
});

test("counts snapshot rows instead of listing them", async () => {
  void start();
  await until(() => consumer.requests.some((url) => url.startsWith("/events")));
  for (let id = 1; id <= 500; id++) consumer.send({ op: "snapshot", after: customer(id) });
  await until(() => lines.length === 1);
  expect(lines[0]?.trim()).toBe("snapshot  public.customers  500 rows read");
});

test("goes on after a restart of the consumer", async () => {
  void start();
  await until(() => consumer.requests.some((url) => url.startsWith("/events")));
  consumer = await consumer.restart();
  consumer.send({ op: "create", after: customer(2) });
  await until(() => lines.length === 1 && notices.includes("The consumer restarted"));
  expect(notices.some((text) => text.startsWith("Lost http://127.0.0.1:"))).toBe(true);
  expect(notices).toContain("Connected again");
});

test("of several consumers the changes of each come; with --url those of one, which is told", async () => {
  const second = await FakeConsumer.start({ pageDirectory: empty });
  const pages = [consumer.url, second.url];
  for (const [at, each] of [consumer, second].entries())
    each.status = { ...each.status, group: { number: at + 1, pages } };
  try {
    void start("--json", "--table", "public.customers,elsewhere.at_all");
    await until(() => [consumer, second].every(({ requests }) => requests.some((url) => url.startsWith("/events"))));
    consumer.send({ op: "create", after: customer(1) });
    second.send({ op: "create", after: customer(2) });
    await until(() => lines.length === 2);
    expect(lines.map((line) => (JSON.parse(line) as { key: { id: number } }).key.id).sort()).toEqual([1, 2]);
    // Once, as all of them read the same topics.
    expect(notices).toEqual([expect.stringMatching(/^elsewhere\.at_all is no captured table/)]);
    void start("--json", "--url", second.url);
    await until(() => notices.length === 2);
    expect(notices[1]).toMatch(
      / is consumer 1 of 2 and has the changes of its own partitions; without --url those of all are shown$/,
    );
  } finally {
    stop.abort();
    await second.stop();
  }
});

test("waits for a consumer that is not there yet", async () => {
  const { url, options, port } = consumer;
  await consumer.stop();
  void start();
  await until(() => notices.length === 1);
  expect(notices[0]).toBe(`Nothing answers at ${url} yet; is the stack up? Trying again until it does`);
  consumer = await FakeConsumer.start({ ...options, port });
  consumer.send({ op: "create", after: customer(2) });
  await until(() => lines.length === 1);
});

test("so it does for one that takes connections and gives no answer, as in a paused container", async () => {
  const { url, port } = consumer;
  await consumer.stop();
  const hangs = createServer(() => undefined);
  await new Promise<void>((resolve) => hangs.listen(port, "127.0.0.1", resolve));
  void start();
  await until(() => notices.length === 1);
  expect(notices[0]).toBe(`Nothing answers at ${url} yet; is the stack up? Trying again until it does`);
  stop.abort();
  hangs.close();
});

test.each([
  [["--op", "drop"], '--op is "drop"; allowed are snapshot, create, update, delete, truncate, message'],
  [["--last", "-1"], /^Option '--last' argument is ambiguous; allowed are .*, --help$/],
  [["--last"], /^Option '--last <value>' argument missing; allowed are .*, --help$/],
  [["--last", "1e3"], '--last is "1e3"; allowed is a number from 0 to 10000'],
  [["--url", "localhost:8088"], '--url is "localhost:8088"; allowed is an address such as http://127.0.0.1:8088'],
  [
    ["--tabel", "x"],
    "Unknown option '--tabel'; allowed are --table, --op, --text, --last, --json, --url, --help. Did you mean --table?",
  ],
  [["x"], /^Unexpected argument 'x'.*; allowed are --table/],
])("the arguments %j are refused", (args, message) => {
  expect(() => parseOptions(args)).toThrow(UsageError);
  expect(() => parseOptions(args)).toThrow(message);
});

test("a row can neither forge a line nor steer the terminal", () => {
  const evil = "\u001b[2J\n\u009b1m";
  const change = {
    ...{ id: 1, op: "create" as const, table: `t${evil}`, key: { id: evil }, before: null, changed: [], lagMs: 1 },
    ...{ eventId: null },
    ...{ after: { [evil]: evil }, committedAt: null, position: null, topic: "t", partition: 0, offset: "0" },
  };
  expect(changeLine(change, plain)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  expect(changeLine(change, colored)).toContain("\u001b[32mcreate  \u001b[0m");
});

const SLOW_MS = 30_000;

function run(...args: string[]) {
  const child = spawn(process.execPath, [require.resolve("ts-node/dist/bin"), "commands/watch.ts", ...args]);
  const said = { out: "", err: "" };
  child.stdout.on("data", (data) => (said.out += String(data)));
  child.stderr.on("data", (data) => (said.err += String(data)));
  const code = new Promise<number | null>((resolve) => child.on("exit", resolve));
  return { child, said, code };
}

test(
  "as a command: help, a wrong option, and a pipe that is closed early",
  async () => {
    const help = run("--help");
    const wrong = run("--op", "drop");
    expect(await help.code).toBe(0);
    expect(help.said.out).toContain("--table NAME");
    expect(await wrong.code).toBe(2);
    expect(wrong.said).toEqual({ out: "", err: expect.stringMatching(/^--op is "drop"; allowed are .*\n$/) });

    consumer.send({ op: "create", after: customer(1) });
    const piped = run("--url", consumer.url, "--last", "1");
    await until(() => piped.said.out !== "");
    expect(piped.said.out).not.toMatch(/\u001b/);
    piped.child.stdout.destroy();
    const sending = setInterval(() => consumer.send({ op: "create", after: customer(2) }), 20);
    expect(await piped.code).toBe(0);
    clearInterval(sending);
    expect(piped.said.err).not.toContain("EPIPE");
  },
  SLOW_MS,
);

test(
  "as a command: SIGINT ends it cleanly",
  async () => {
    const watching = run("--url", consumer.url);
    await until(() => watching.said.err.includes("Watching"));
    watching.child.kill("SIGINT");
    expect(await watching.code).toBe(0);
  },
  SLOW_MS,
);
