import { beforeEach, expect, jest, test } from "@jest/globals";
import type { Inventory } from "../../../commands/start/inventory";
import { removeUnlisted, unlistedIn } from "../../../commands/start/unlisted";
import { CONTAINER, NETWORK, type Resource, VOLUME } from "../../../commands/stack/deployment";

const asked: string[] = [];
const answers: Record<string, string> = {};
jest.mock("../../../commands/processes/docker", () => ({
  docker: (...args: string[]) => Promise.resolve(asked.push(args.join(" "))).then(() => answers[args[0]!] ?? ""),
}));

const resource = (type: string, name: string, id = `id-${name}`): Resource => ({
  ...{ urn: `urn:pulumi:dev::cdc::cdc:index:Pipeline$${type}::${name}`, type, id },
  inputs: { name },
});
const kafka = resource(CONTAINER, "cdc-dev-kafka");
const network = resource(NETWORK, "cdc-dev-net");
const data = resource(VOLUME, "cdc-dev-kafka-data", "cdc-dev-kafka-data");

/** An engine that has the stack's network, two of its containers, and another stack's. */
const engine = (): Inventory => ({
  ...{ volumeNames: new Set(), strayVolumes: new Set(), imageNames: new Set() },
  containers: new Map(
    ["cdc-dev-kafka", "cdc-dev-consumer"].map((name) => [
      `id-${name}`,
      { name, state: "running", networks: ["cdc-dev-net"] },
    ]),
  ),
  networkIds: new Set(["id-cdc-dev-net"]),
  labelled: new Map(
    ["cdc-dev-kafka", "cdc-dev-consumer", "cdc-dev-net", "cdc-dev-2-kafka", "cdc-dev-2-net"].map((name) => [
      name,
      `id-${name}`,
    ]),
  ),
});

const lines: string[] = [];
/** Lines that were printed since the last call. */
const said = (): string[] => lines.splice(0);

beforeEach(() => {
  said();
  asked.length = 0;
  for (const key of Object.keys(answers)) delete answers[key];
  jest.spyOn(console, "error").mockImplementation((line: string) => void lines.push(line));
});

test("a container that was taken out of the state is not in it, and neither is another stack's missed", () => {
  expect(unlistedIn([kafka, network], engine())).toEqual(["cdc-dev-consumer"]);
  expect(unlistedIn([kafka, network, resource(CONTAINER, "cdc-dev-consumer")], engine())).toEqual([]);
});

test("to a state without any Docker object, as of another clone after a refused run, none of them is missing", async () => {
  const bare = [{ urn: "urn:pulumi:dev::cdc::pulumi:pulumi:Stack::cdc-dev", type: "pulumi:pulumi:Stack" }];
  expect(unlistedIn(bare, engine())).toEqual([]);
  await removeUnlisted(bare, engine(), "npm stop");
  expect(asked).toEqual([]);
});

test("its name is made free, as an up would ask the engine for it, and a destroy would wait for what it uses", async () => {
  await removeUnlisted([kafka, network, data], engine(), "npm start");
  expect(asked).toEqual(["rm --force --volumes cdc-dev-consumer"]);
  expect(said()).toEqual(["Not in Pulumi's state, and made again: cdc-dev-consumer."]);
  await removeUnlisted([kafka, network, data], engine(), "npm stop");
  expect(said()).toEqual(["Not in Pulumi's state, and removed first: cdc-dev-consumer."]);
});

test("a network goes with the containers in it, which cannot do without", async () => {
  await removeUnlisted([kafka, resource(CONTAINER, "cdc-dev-consumer"), data], engine(), "npm start");
  expect(asked.slice(-2)).toEqual(["rm --force --volumes cdc-dev-kafka cdc-dev-consumer", "network rm cdc-dev-net"]);
});

test("while somebody else's container has the network nothing is removed, and it is named", async () => {
  Object.assign(answers, { network: "cdc-dev-net", ps: "adminer\t" });
  await expect(removeUnlisted([kafka, data], engine(), "npm stop")).rejects.toThrow(
    /adminer has the network cdc-dev-net\. Then `npm stop` again, after:\n {2}docker network disconnect cdc-dev-net adminer$/,
  );
  expect(asked.filter((line) => /^rm|network rm/.test(line))).toEqual([]);
});

test("with nothing of the state on this engine they may be another clone's: the ways out are named", async () => {
  await expect(
    removeUnlisted([data, resource(CONTAINER, "cdc-dev-kafka", "gone")], engine(), "npm start"),
  ).rejects.toThrow(/cdc-dev-consumer.*`npm start -- --take-over`/);
  expect(asked).toEqual([]);
});
