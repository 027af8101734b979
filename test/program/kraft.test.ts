import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { declaredWith, type Recorded } from "../support/program/declared";

// The test must not depend on this machine's engine and ports.
jest.mock("../../components/preflight/preflight", () => ({
  preflight: () =>
    Promise.resolve({ present: new Set(), postgres: { dataPath: "/var/lib/postgresql/data", capabilities: [] } }),
}));
jest.spyOn(pulumi.log, "info").mockResolvedValue();

const GOLDEN = "test/program/resources-kraft.golden.txt";

let recorded: Recorded[];
const inputsOf = (name: string) => recorded.find((each) => each.name === name)!.inputs;
const labelsOf = (name: string) =>
  Object.fromEntries(
    (inputsOf(name)["labels"] as { label: string; value: string }[]).map(({ label, value }) => [label, value]),
  );

beforeAll(async () => {
  ({ recorded } = await declaredWith({ coordination: "kraft" }));
});

test("declares the resources of the golden file: those of the default, without ZooKeeper's", () => {
  const list = recorded.map(({ type, name }) => `${type} ${name.replace(/-[0-9a-f]{12}$/, "-<content>")}`).sort();
  const text = `${list.join("\n")}\n`;
  if (process.env["UPDATE_GOLDEN"]) writeFileSync(GOLDEN, text);
  expect(text).toBe(readFileSync(GOLDEN, "utf8"));
  const usual = readFileSync("test/program/resources.golden.txt", "utf8").split("\n");
  const withoutZooKeeper = usual.filter((line) => line !== "" && !/zookeeper/i.test(line));
  expect(list).toEqual(withoutZooKeeper.map((line) => line.replace("cdc-kafka-image-", "cdc-kafka-image-kraft-")));
});

test("builds an image of its own from the same folder, which broker and worker run", () => {
  const image = recorded.find(({ name }) => /^cdc-kafka-image-/.test(name))!;
  expect(image.inputs["name"]).toMatch(/^cdc\/kafka-kraft:[0-9a-f]{12}$/);
  expect(image.inputs["build"]).toMatchObject({ context: "images/kafka", buildArgs: { COORDINATION: "kraft" } });
  for (const role of ["kafka", "connect"])
    expect(inputsOf(`cdc-${role}-container`)["image"]).toBe(image.inputs["name"]);
});

test("formats the broker's volume before its first start, and says on volume and containers what it is", () => {
  const { command, envs } = inputsOf("cdc-kafka-container") as { command: string[]; envs: string[] };
  expect(command.join(" ")).toContain("sh /kafka/config/format.sh; printf %s");
  expect(envs.join()).toContain("process.roles=broker,controller");
  expect(envs.join()).toContain("controller.quorum.bootstrap.servers=127.0.0.1:9093\n");
  expect(labelsOf("cdc-kafka-data")).toEqual({ "cdc.stack": "cdc-dev", "cdc.coordination": "kraft" });
  for (const role of ["kafka", "connect"])
    expect(labelsOf(`cdc-${role}-container`)).toMatchObject({ "cdc.coordination": "kraft" });
});
