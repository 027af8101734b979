import { beforeEach, expect, jest, test } from "@jest/globals";
import { CONTAINER, type Deployment, NETWORK, type Resource } from "../../../commands/stack/deployment";
import { settleHalfMade } from "../../../commands/start/half-made";

/** What the engine has: ids by name, and when they were made. */
let there: Record<string, { id: string; made: string }> = {};
const asked: string[][] = [];
jest.mock("../../../commands/processes/docker", () => ({
  docker: (...args: string[]) => {
    asked.push(args);
    const name = args.at(-1)!;
    const list = (isNetwork: boolean, line: (name: string) => string) =>
      Object.keys(there)
        .filter((name) => name.endsWith("-net") === isNetwork)
        .map(line)
        .join("\n");
    if (args[0] === "ps") return Promise.resolve(list(false, (name) => `${there[name]!.id} running n ${name} cdc-dev`));
    if (args[1] === "ls")
      return Promise.resolve(args[0] === "network" ? list(true, (name) => `${there[name]!.id} ${name} cdc-dev`) : "");
    if (args.includes("{{json .Created}}")) return Promise.resolve(JSON.stringify(there[name]!.made));
    return Promise.resolve(args[1] === "inspect" ? there[name]!.id : "");
  },
}));
let state: Deployment = {};
const imported: Deployment[] = [];
jest.mock("../../../commands/stack/stack-outputs", () => ({
  captured: ([, verb]: string[], input: string) => {
    if (verb === "import") imported.push((JSON.parse(input) as { deployment: Deployment }).deployment);
    return Promise.resolve(JSON.stringify({ deployment: state }));
  },
  pulumi: () => Promise.resolve(0),
}));
jest.mock("../../../commands/stack/this-stack", () => ({ thisStack: () => Promise.resolve("cdc-dev") }));

const resource = (type: string, name: string, id?: string): Resource => ({
  urn: `urn:pulumi:dev::cdc::${type}::${name}`,
  ...{ type, inputs: { name }, ...(id !== undefined && { id }) },
});
const creating = (type: string, name: string) => ({ type: "creating", resource: resource(type, name) });
const removals = () => asked.filter((args) => args.includes("rm"));

beforeEach(() => {
  jest.spyOn(console, "error").mockReturnValue();
  asked.length = imported.length = 0;
  there = {
    "cdc-dev-net": { id: "net", made: "2026-01-01T10:00:01.5Z" },
    "cdc-dev-kafka": { id: "kafka", made: "2026-01-01T10:00:02Z" },
  };
  state = {
    manifest: { time: "2026-01-01T10:00:01Z" },
    pending_operations: [creating(NETWORK, "cdc-dev-net"), creating(CONTAINER, "cdc-dev-kafka")],
  };
});

test("what the killed run was making when it was killed is its own", async () => {
  await settleHalfMade();
  expect(removals()).toEqual([["rm", "--force", "--volumes", "cdc-dev-kafka"]]);
  expect(imported[0]?.resources?.map(({ id }) => id)).toEqual(["net"]);
});

const expectRefusal = async (names: string) => {
  await expect(settleHalfMade()).rejects.toThrow(
    `The Docker engine has others of these names than this folder's state knows: ${names}.`,
  );
  expect([removals(), imported]).toEqual([[], []]);
};

test("what another clone has brought up since is neither removed nor adopted", async () => {
  for (const each of Object.values(there)) each.made = "2026-01-01T10:05:00Z";
  await expectRefusal("cdc-dev-kafka, cdc-dev-net");
});

test("what the run was not making is another's", async () => {
  there["cdc-dev-connect"] = { id: "connect", made: "2026-01-01T10:00:02Z" };
  await expectRefusal("cdc-dev-connect");
});

test("objects of the state's names with other ids are another's, whatever was being made", async () => {
  state.resources = [resource(NETWORK, "cdc-dev-net", "before")];
  state.pending_operations = [creating(CONTAINER, "cdc-dev-kafka")];
  await expectRefusal("cdc-dev-net");
});

test("beside an object that the state knows, all is its own: a container that was being replaced later too", async () => {
  state.resources = [resource(NETWORK, "cdc-dev-net", "net"), resource(CONTAINER, "cdc-dev-kafka", "before")];
  state.pending_operations = [creating(CONTAINER, "cdc-dev-kafka")];
  there["cdc-dev-kafka"]!.made = "2026-01-01T10:05:00Z";
  await settleHalfMade();
  expect(removals()).toHaveLength(1);
});

test("`npm stop -- --remove` takes all of these names, whoever made it", async () => {
  for (const each of Object.values(there)) each.made = "2026-01-01T10:05:00Z";
  await settleHalfMade(true);
  expect(removals()).toHaveLength(1);
});
