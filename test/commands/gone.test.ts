import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { containersGone, containersOf, forgetGone } from "../../commands/gone";

const there: string[] = [];
jest.mock("../../commands/docker", () => ({ docker: () => Promise.resolve(there.join("\n")) }));

const ran: string[][] = [];
jest.mock("../../commands/stack", () => ({
  captured: () => Promise.resolve("dev\n"),
  pulumi: (args: string[]) => Promise.resolve(ran.push(args)),
}));

const CONTAINER = "docker:index/container:Container";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "state-"));
  process.env["PULUMI_BACKEND_URL"] = `file://${folder}`;
});
afterEach(() => {
  delete process.env["PULUMI_BACKEND_URL"];
  there.length = 0;
  rmSync(folder, { recursive: true });
});

function state(...resources: object[]): string {
  return JSON.stringify({ version: 3, checkpoint: { stack: "x", latest: { resources } } });
}

function writeState(text: string): void {
  const place = join(folder, ".pulumi", "stacks", "cdc");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, `${process.env["PULUMI_STACK"]?.split("/").pop() ?? "dev"}.json`), text);
}

test("a container that the state has and the engine has not is told", async () => {
  writeState(
    state(
      { type: CONTAINER, id: "aaa", inputs: { name: "cdc-dev-kafka" } },
      { urn: "urn:connect", type: CONTAINER, id: "bbb", inputs: { name: "cdc-dev-connect" } },
      { type: "docker:index/volume:Volume", id: "cdc-dev-kafka-data", inputs: { name: "cdc-dev-kafka-data" } },
    ),
  );
  there.push("aaa", "ccc");
  expect(await containersGone()).toEqual([{ urn: "urn:connect", id: "bbb", name: "cdc-dev-connect" }]);
  there.push("bbb");
  expect(await containersGone()).toEqual([]);
});

test("only those of the selected stack are forgotten, each by its name in the state", async () => {
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  const of = (stack: string) => ({ urn: `urn:pulumi:${stack}::cdc::kafka`, type: CONTAINER, id: stack });
  writeState(state(of("other"), of("dev")));
  await forgetGone();
  expect(ran.splice(0)).toEqual([["refresh", "--yes", "--skip-preview", "--target", "urn:pulumi:dev::cdc::kafka"]]);
  writeState(state(of("other")));
  await forgetGone();
  expect(ran).toEqual([]);
});

test("before the first start, and after a destroy, nothing is gone", async () => {
  expect(await containersGone()).toEqual([]);
  writeState(JSON.stringify({ version: 3, checkpoint: { stack: "x", latest: {} } }));
  expect(await containersGone()).toEqual([]);
});

test("a container that was never finished has no id, and is not missed", () => {
  expect(containersOf(state({ type: CONTAINER, inputs: { name: "half" } }))).toEqual([]);
});
