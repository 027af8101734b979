import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "@jest/globals";
import { isAlive } from "../../program/alive.cjs";
import { containersToRead } from "../../commands/logs/containers-to-read";
import { logLine, parseLine } from "../../commands/logs/log-line";
import { merged } from "../../commands/logs/merge";
import { parseOptions } from "../../commands/logs/logs-options";
import { colored, plain } from "../../commands/terminal/paint";
import { SERVICES } from "../../commands/look/containers-look";
import { container } from "../support/fakes/stack-look";
import { fakeDocker } from "../support/fakes/fake-docker";
import { UsageError } from "../../commands/terminal/usage";
import { poll } from "../../components/poll";

test("a printed line is split into its time and its text, which may be empty", () => {
  const at = "2026-01-02T12:00:00.123456789Z";
  expect(parseLine("kafka", `${at} INFO started`)).toEqual({ service: "kafka", at, text: "INFO started" });
  expect(parseLine("kafka", `${at} `)).toEqual({ service: "kafka", at, text: "" });
  expect(parseLine("kafka", "Error response from daemon: no such container")).toBeUndefined();
});

test("what is logged can neither forge a line nor steer the terminal", () => {
  const line = { service: "consumer", at: "2026-01-02T12:00:00.123456789Z", text: "a\tb\u001b[2J\rc" } as const;
  expect(logLine(line, plain, 9)).toMatch(/^consumer {3}\d\d:\d\d:00\.123 {2}a {2}b␛\[2J␍c$/);
  expect(logLine(line, colored, 9)).toContain("\u001b[32mconsumer \u001b[0m");
  expect(logLine({ ...line, service: "consumer-2" }, colored, 10)).toContain("\u001b[32mconsumer-2\u001b[0m");
});

test("sources that are in order are merged into one that is", async () => {
  const source = async function* (...items: number[]) {
    yield* items;
  };
  const found: number[] = [];
  for await (const item of merged([source(1, 4, 5), source(), source(2, 3, 6)], (a, b) => a < b)) found.push(item);
  expect(found).toEqual([1, 2, 3, 4, 5, 6]);
});

test("containers, time and pattern are read", () => {
  const options = parseOptions(["connect", "kafka", "connect", "--since", "1h30m", "--grep", "error|warn", "-f"]);
  expect(options).toMatchObject({ services: ["connect", "kafka"], since: "1h30m", follow: true, json: false });
  expect(options?.grep?.test("An ERROR")).toBe(true);
  expect(parseOptions([])).toMatchObject({ since: "10m", grep: undefined, follow: false });
  expect(parseOptions([])?.services).toHaveLength(5);
  expect(parseOptions(["--since", "all"])?.since).toBeUndefined();
  expect(parseOptions(["--since", "2026-01-02T12:00:00Z"])?.since).toBe("2026-01-02T12:00:00Z");
});

test.each([
  [
    ["conect"],
    'There is no container "conect"; allowed are postgres, zookeeper, kafka, connect, consumer. Did you mean connect?',
  ],
  [
    ["--since", "yesterday"],
    '--since is "yesterday"; allowed are 90s, 10m, 2h, a time such as 2026-01-02T12:00:00Z, and all',
  ],
  [["--grep", "("], /^--grep is "\(", which is no regular expression: /],
  [["--tail", "5"], "Unknown option '--tail'; allowed are --since, --grep, --follow, --stack, --json, --help"],
])("the arguments %j are refused", (args, message) => {
  expect(() => parseOptions(args)).toThrow(UsageError);
  expect(() => parseOptions(args)).toThrow(message);
});

test("a part that somebody else runs has no container here: it is left out, and an error where it was named", () => {
  const theirs = { state: "elsewhere" } as const;
  const containers = SERVICES.map((service) => container(service, service === "consumer" ? {} : theirs));
  const { there, notices } = containersToRead("cdc-dev", containers, SERVICES);
  expect(there.map(({ name }) => name)).toEqual(["cdc-dev-consumer"]);
  expect(notices).toEqual([
    "The postgres of this stack is somebody else's (cdc:databaseUrl): its log is where they run it",
    "The kafka of this stack is somebody else's (cdc:bootstrapServers): its log is where they run it",
    "The connect of this stack is somebody else's (cdc:connectUrl): its log is where they run it",
  ]);
  expect(() => containersToRead("cdc-dev", containers, ["consumer", "postgres"])).toThrow(
    "The postgres of this stack is somebody else's",
  );
});

/** A fake Docker client for a stack of two containers. When it follows a container for the second time, that is after a restart. */
const CLIENT = `#!${process.execPath}
const fs = require("node:fs");
const [command, ...args] = process.argv.slice(2);
const say = (...lines) => console.log(lines.join("\\n"));
const at = (second) => "2026-01-02T12:00:0" + second + ".000000000Z";
const inspected = (service) => ({
  Name: "/cdc-fake-" + service, RestartCount: 0, Config: { Image: "it", Env: [] }, NetworkSettings: { Networks: {} }, HostConfig: { PortBindings: {} },
  State: { Status: "running", StartedAt: at(0), FinishedAt: "0001-01-01T00:00:00Z", ExitCode: 0, OOMKilled: false, Error: "" },
});
if (command === "ps") say("1\\tcdc-fake", "2\\tcdc-fake");
else if (args[0] === "--format") say("running");
else if (command === "inspect") say(JSON.stringify([inspected("kafka"), inspected("connect")]));
else if (args.includes("2026-01-01")) {
  // As the real client, it waits while nobody takes what it has written.
  for (let n = 0; n < 5000; n++) fs.writeSync(1, at(1) + " line " + n + " ".repeat(50) + "\\n");
  if (args.at(-1) === "cdc-fake-connect") fs.writeSync(2, at(2) + " last\\n");
} else if (!args.includes("--follow")) {
  if (args.at(-1) === "cdc-fake-kafka") say(at(1) + " one", at(4) + " four");
  else {
    fs.writeSync(2, at(2) + " two\\n");
    fs.writeSync(1, at(3) + " three\\n");
  }
} else {
  const mark = __dirname + "/" + args.at(-1);
  const again = fs.existsSync(mark);
  fs.writeFileSync(mark, String(process.pid));
  process.on("SIGINT", () => fs.writeFileSync(__dirname + "/interrupted", ""));
  // After the output that came with the signal.
  process.on("SIGTERM", () => setImmediate(() => process.exit()));
  if (args.at(-1) === "cdc-fake-kafka") {
    say("2999-01-01T00:00:01.000000000Z before the restart");
    if (again) say("2999-01-01T00:00:02.000000000Z after it");
  }
  if (again || args.at(-1) !== "cdc-fake-kafka") setInterval(() => undefined, 1000);
}
`;

const folder = fakeDocker(CLIENT);

function run(...args: string[]) {
  const env = { ...process.env, PATH: `${folder()}${delimiter}${process.env["PATH"]}`, PULUMI_STACK: "fake" };
  const child = spawn(process.execPath, ["toolchain/look.mjs", "logs", ...args], { env, detached: true });
  const said = { out: "", err: "" };
  child.stdout.on("data", (data) => (said.out += String(data)));
  child.stderr.on("data", (data) => (said.err += String(data)));
  const code = new Promise<number | null>((resolve) => child.on("close", resolve));
  return { child, said, code };
}

const texts = (out: string): string[] =>
  out
    .split("\n")
    .filter(Boolean)
    .map((line) => line.replace(/ +\d\d:\d\d:\d\d\.\d{3} +/, "|"));

test("more lines than a pipe holds of a container that writes nothing to the other one until its end", async () => {
  const { said, code } = run("--since", "2026-01-01", "--json");
  expect(await code).toBe(0);
  const lines = said.out.trimEnd().split("\n");
  expect([lines.length, said.err.slice(0, 600)]).toEqual([10_001, expect.anything()]);
  expect(lines.at(-1)).toContain('"last"');
});

test("as a command: all containers' lines in the order of time, those that match, as data", async () => {
  const all = run("--since", "all");
  expect(await all.code).toBe(0);
  expect(texts(all.said.out)).toEqual(["kafka|one", "connect|two", "connect|three", "kafka|four"]);
  expect(all.said.err.split("\n").filter(Boolean)).toEqual(
    ["postgres", "zookeeper", "consumer"].map((service) => `There is no container cdc-fake-${service}`),
  );
  const some = run("connect", "--grep", "TH", "--json");
  expect(await some.code).toBe(0);
  expect(some.said).toEqual({
    out: '{"service":"connect","at":"2026-01-02T12:00:03.000000000Z","text":"three"}\n',
    err: "",
  });
});

test("as a command: it follows, goes on after a restart without saying a line twice, and Ctrl-C ends it and its clients", async () => {
  const following = run("kafka", "connect", "--follow");
  const noted = (service: string): string => {
    const mark = join(folder(), `cdc-fake-${service}`);
    return existsSync(mark) ? readFileSync(mark, "utf8") : "";
  };
  await poll<void>(
    () => {
      // A client that is just starting has written no note yet, or only half of one.
      const done = following.said.out.includes("after it") && noted("connect") !== "";
      return Promise.resolve(done ? { done, value: undefined } : { done: false, seen: JSON.stringify(following.said) });
    },
    { what: "the line after the restart, and both clients", deadlineMs: 20_000, intervalMs: 20 },
  );
  // As a terminal sends it: to the whole process group.
  process.kill(-following.child.pid!, "SIGINT");
  expect(await following.code).toBe(0);
  expect(texts(following.said.out).slice(4)).toEqual(["kafka|before the restart", "kafka|after it"]);
  const clients = ["kafka", "connect"].map((service) => Number(noted(service)));
  await poll<void>(
    () => {
      const left = clients.filter(isAlive);
      return Promise.resolve(left.length === 0 ? { done: true, value: undefined } : { done: false, seen: `${left}` });
    },
    { what: "the clients to end", deadlineMs: 10_000, intervalMs: 20 },
  );
  // Otherwise it would look like a container that stopped.
  expect(existsSync(join(folder(), "interrupted"))).toBe(false);
  expect(following.said.err).toBe("kafka has stopped; its log goes on when it is started again\n");
});

test("as a command: who has seen enough ends it", async () => {
  const piped = run("kafka", "connect", "--follow");
  piped.child.stdout.destroy();
  expect(await piped.code).toBe(0);
});
