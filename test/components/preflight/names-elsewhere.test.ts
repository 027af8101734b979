import { expect, jest, test } from "@jest/globals";
import { namesakes } from "../../../components/preflight/namesakes";
import type { EngineLists } from "../../../components/preflight/engine-lists";

/** What the engine says of a state that no file here has. */
let outputs: Record<string, { type: string; outputs: object }> = {};
jest.mock("@pulumi/pulumi", () => ({
  ...jest.requireActual<object>("@pulumi/pulumi"),
  ...{ getOrganization: () => "me", getProject: () => "cdc", getStack: () => "dev" },
  runtime: { invoke: () => Promise.resolve({ outputs }) },
}));
jest.mock("../../../components/engine", () => ({ docker: () => Promise.resolve("") }));

const lists = {
  containers: () => Promise.resolve([]),
  networks: () => Promise.resolve([]),
  volumes: () => Promise.resolve([{ name: "cdc-dev-postgres-data", stack: "cdc-dev" }]),
} as unknown as EngineLists;
const env = { PULUMI_BACKEND_URL: "s3://state" };
const stack = { "urn:pulumi:dev::cdc::pulumi:pulumi:Stack::cdc-dev": { type: "pulumi:pulumi:Stack", outputs: {} } };

test("a new stack whose state is elsewhere does not take another one's volumes for its own", async () => {
  outputs = stack;
  expect(await namesakes({ project: "cdc", stack: "elsewhere", prefix: "cdc-dev" }, lists, env)).toMatch(
    /^The names of the stack cdc-dev are taken by volume cdc-dev-postgres-data, of which this folder's state knows nothing/,
  );
});

test("one that has been made before goes on with its own", async () => {
  outputs = { ...stack, "urn:pulumi:dev::cdc::cdc:index:Pipeline::cdc": { type: "cdc:index:Pipeline", outputs: {} } };
  expect(await namesakes({ project: "cdc", stack: "elsewhere", prefix: "cdc-dev" }, lists, env)).toBeUndefined();
});
