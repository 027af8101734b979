import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { CONTAINER, type Resource, VOLUME } from "../../../commands/stack/deployment";
import { forgetGone } from "../../../commands/start/gone";
import { removeBroker } from "../../../commands/start/remove-broker";
import { takeOver } from "../../../commands/start/take-over";

/** A folder with the stacks alpha and dev. The second is selected, and no variable names one. */
let folder: string;
const before = { ...process.env };
const ROLES = ["kafka", "postgres", "zookeeper"];
let [alpha, dev]: Resource[][] = [[], []];

const asked: string[][] = [];
/** The engine's volumes and containers. */
let there: string[] = [];
jest.mock("../../../commands/processes/docker", () => ({
  docker: (...args: string[]) => {
    asked.push(args);
    const stackOf = (name: string) => name.split("-", 2).join("-");
    const named = (end: RegExp, line: (name: string) => string) => there.filter((name) => end.test(name)).map(line);
    // Who has a network or a volume of the stacks: nobody but their own containers.
    if (args[0] === "ps" && args.includes("--filter")) return Promise.resolve("");
    if (args[0] === "ps")
      return Promise.resolve(named(/a$|r$|s$/, (name) => `id-${name} running net ${name} ${stackOf(name)}`).join("\n"));
    if (args[0] === "volume" && args[1] === "ls")
      return Promise.resolve(named(/-data$/, (name) => `${name} ${stackOf(name)}`).join("\n"));
    return Promise.resolve("");
  },
}));
jest.mock("../../../commands/stack/stack-outputs", () => ({
  captured: ([, verb]: string[]) =>
    Promise.resolve(verb === "--show-name" ? "dev\n" : JSON.stringify({ deployment: { resources: dev } })),
}));
jest.mock("../../../components/preflight/namesakes", () => ({
  ...jest.requireActual<object>("../../../components/preflight/namesakes"),
  namedLike: () => Promise.resolve([]),
}));

function stack(name: string): Resource[] {
  const of = (type: string, object: string, id: string, more = {}): Resource => ({
    urn: `urn:pulumi:${name}::cdc::${type}::${object}`,
    ...{ type, id, inputs: { name: object, ...more } },
  });
  const resources = ROLES.flatMap((role) => {
    const [object, data] = [`cdc-${name}-${role}`, `cdc-${name}-${role}-data`];
    there.push(object, data);
    return [of(VOLUME, data, data), of(CONTAINER, object, `id-${object}`, { volumes: [{ volumeName: data }] })];
  });
  const file = join(folder, ".pulumi", "stacks", "cdc", `${name}.json`);
  writeFileSync(file, JSON.stringify({ checkpoint: { latest: { resources } } }));
  return resources;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "two-stacks-"));
  mkdirSync(join(folder, ".pulumi", "stacks", "cdc"), { recursive: true });
  process.env["PULUMI_BACKEND_URL"] = `file://${folder}`;
  delete process.env["PULUMI_STACK"];
  asked.length = there.length = 0;
  [alpha, dev] = [stack("alpha"), stack("dev")];
  jest.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  process.env = { ...before };
  rmSync(folder, { recursive: true });
});

test("another coordination takes the selected stack's broker away, and no other stack's", async () => {
  await removeBroker();
  expect(asked.filter((args) => args.includes("rm"))).toEqual([
    ["rm", "--force", "--volumes", "cdc-dev-kafka", "cdc-dev-zookeeper"],
    ["volume", "rm", "cdc-dev-kafka-data", "cdc-dev-zookeeper-data"],
  ]);
});

test("another coordination where the containers are gone removes the volumes alone", async () => {
  const resources = dev!.filter(({ type }) => type === VOLUME);
  const file = join(folder, ".pulumi", "stacks", "cdc", "dev.json");
  writeFileSync(file, JSON.stringify({ checkpoint: { latest: { resources } } }));
  await removeBroker();
  expect(asked.filter((args) => args.includes("rm"))).toEqual([
    ["volume", "rm", "cdc-dev-kafka-data", "cdc-dev-zookeeper-data"],
  ]);
});

test("what another stack has lost is no reason to take this one away, or to change its state", async () => {
  const lost = alpha!.map(({ inputs }) => inputs!.name!).filter((name) => !name.includes("kafka"));
  there = there.filter((name) => !lost.includes(name));
  await expect(forgetGone(false)).resolves.toBeUndefined();
  expect(asked.filter((args) => args.includes("rm"))).toEqual([]);
});

test("a stack that only another state knows can be taken over beside one that this folder knows", async () => {
  writeFileSync(join(folder, ".pulumi", "stacks", "cdc", "dev.json"), JSON.stringify({ checkpoint: { latest: {} } }));
  there = there.filter((name) => !name.startsWith("cdc-dev-") || name.endsWith("-data"));
  await expect(takeOver()).resolves.toEqual({ CDC_TAKE_OVER: "cdc-dev" });
});

test("a stack whose state is elsewhere, and knows it, is nothing to take over", async () => {
  process.env["PULUMI_BACKEND_URL"] = "s3://state";
  await expect(takeOver()).rejects.toThrow(
    "This folder's state knows the stack cdc-dev: there is nothing to take over.",
  );
  expect(asked.filter((args) => args.includes("rm"))).toEqual([]);
});
