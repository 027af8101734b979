import { expect, test } from "@jest/globals";
import { othersText, rejectOtherContainers } from "../../../components/preflight/other-containers";

const known = new Map([
  ["cdc-dev-kafka", "1a"],
  ["cdc-dev-postgres", "2b"],
]);
const applied = { containers: known, networks: ["cdc-dev-net"], volumes: ["cdc-dev-postgres-data"] };
const networks = () => Promise.resolve([{ name: "cdc-dev-net", stack: "cdc-dev" }]);
const lists = (...there: [name: string, id: string, stack: string][]) => ({
  containers: () => Promise.resolve(there.map(([name, id, stack]) => ({ name, id, stack, ports: [] }))),
  networks,
});
const OTHERS = lists(["cdc-dev-postgres", "3c", "cdc-dev"], ["cdc-dev-kafka", "4d", "cdc-dev"]);

test("an engine with an earlier stack, whose containers have the same names and other ids, is refused with the ways out", async () => {
  const refused = rejectOtherContainers("cdc-dev", applied, OTHERS, {});
  await expect(refused).rejects.toThrow(
    "The Docker engine has others of these names than this folder's state knows: cdc-dev-kafka, cdc-dev-postgres.",
  );
  for (const way of ["`npm start -- --take-over`", "`npm stop -- --remove`", "Nothing was changed."])
    await expect(refused).rejects.toThrow(way);
});

test("a program of one's own has its state forget the pipeline first, and is told no command of a checkout", () => {
  const text = othersText(["cdc-dev-kafka"], "cdc-dev", true);
  expect(text).not.toMatch(/npm (start|stop)/);
  expect(text).toMatch(
    /have the state forget the pipeline \(`pulumi state delete URN .*then `CDC_TAKE_OVER=cdc-dev pulumi up`/,
  );
});

test("containers that the state knows, that are gone, or that are of no stack, are let through; so is a take-over", async () => {
  await rejectOtherContainers("cdc-dev", applied, lists(["cdc-dev-kafka", "1a", "cdc-dev"]), {});
  await rejectOtherContainers("cdc-dev", applied, lists(["cdc-dev-kafka", "9z", ""]), {});
  await rejectOtherContainers("cdc-dev", { containers: new Map(), networks: [], volumes: [] }, OTHERS, {});
  await rejectOtherContainers("cdc-dev", applied, OTHERS, { CDC_TAKE_OVER: "cdc-dev" });
});

test("an engine that does not answer is reported elsewhere", async () => {
  const containers = () => Promise.reject(new Error("no engine"));
  await rejectOtherContainers("cdc-dev", applied, { containers, networks }, {});
});

test("a container of no stack that has a wanted name is reported before anything is made", async () => {
  const there = lists(
    ["cdc-dev-kafka", "1a", "cdc-dev"],
    ["cdc-dev-consumer", "9z", ""],
    ["cdc-dev-2-connect", "8y", ""],
  );
  await expect(rejectOtherContainers("cdc-dev", applied, there, {})).rejects.toThrow(
    /^Names that the stack cdc-dev needs are taken by what is none of this project's: container cdc-dev-consumer\. Remove or rename it/,
  );
});

test.each([
  ["one", applied],
  ["all, with the network that they need", { ...applied, containers: new Map<string, string>() }],
])(
  "containers that were taken out of the state by hand (%s) are named with what makes them again",
  async (_, state) => {
    const there = lists(["cdc-dev-consumer", "5e", "cdc-dev"], ["cdc-dev-2-connect", "8y", "cdc-dev-2"]);
    await expect(rejectOtherContainers("cdc-dev", state, there, {})).rejects.toThrow(
      /^The Docker engine has objects of this stack that its state does not list: container cdc-dev-consumer\. .*Nothing was changed\. `npm start` makes them again; rows and topics stay\.$/,
    );
    await rejectOtherContainers("cdc-dev", state, there, { CDC_TAKE_OVER: "cdc-dev" });
  },
);

test("a network that alone was taken out of the state is named, and so is one of nobody's that has its name", async () => {
  const there = lists(["cdc-dev-kafka", "1a", "cdc-dev"]);
  const state = { ...applied, networks: [] };
  await expect(rejectOtherContainers("cdc-dev", state, there, {})).rejects.toThrow(
    "objects of this stack that its state does not list: network cdc-dev-net.",
  );
  const nobodys = { ...there, networks: () => Promise.resolve([{ name: "cdc-dev-net", stack: "" }]) };
  await expect(rejectOtherContainers("cdc-dev", state, nobodys, {})).rejects.toThrow(
    "taken by what is none of this project's: network cdc-dev-net.",
  );
  // Where the state knows it, the engine is not asked.
  await rejectOtherContainers("cdc-dev", applied, { ...there, networks: () => Promise.reject(new Error("asked")) }, {});
  const others = { ...there, networks: () => Promise.resolve([{ name: "cdc-dev-2-net", stack: "cdc-dev-2" }]) };
  await rejectOtherContainers("cdc-dev", state, others, {});
});
