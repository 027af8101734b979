import { expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { pipelineOfUrn } from "../../../components/pipeline/pipeline-type";
import { refuseRenamed } from "../../../components/pipeline/renamed-pipeline";
import { parseApplied } from "../../../components/preflight/applied";

const urn = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`;
const PIPELINE = "cdc:index:Pipeline";
const known = (...urns: string[]) =>
  parseApplied(Object.fromEntries(urns.map((each) => [each, { type: "", outputs: {} }]))).pipelines;

class Group extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("my:index:Group", name, {}, opts);
  }
}

test("the state tells its pipelines by type, parents and name; their parts are none", () => {
  expect(pipelineOfUrn(urn(`my:index:Group$${PIPELINE}`, "shop"))).toEqual([`my:index:Group$${PIPELINE}::shop`]);
  expect(pipelineOfUrn(urn(`${PIPELINE}$cdc:index:Network`, "shop-network"))).toEqual([]);
  expect(known(urn("cdc:index:Network", "network"))).toBeUndefined();
});

test("a pipeline of another name than the state's is refused before anything is declared, with the ways out", () => {
  const before = known(urn(PIPELINE, "shop"), urn(`${PIPELINE}$cdc:index:Network`, "shop-network"));
  const renamed = () => refuseRenamed("store", {}, before);
  expect(renamed).toThrow(
    'The state has this stack\'s pipeline as cdc:index:Pipeline called shop, and the program declares "store". To Pulumi',
  );
  expect(renamed).toThrow('`{ aliases: [{ name: "FORMER" }] }`');
  refuseRenamed("shop", {}, before);
  refuseRenamed("store", { aliases: [{ name: "shop" }] }, before);
  refuseRenamed("store", {}, undefined);
});

test("so is one that got another parent", async () => {
  await pulumi.runtime.setMocks({ newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) });
  const inner = new Group("inner", { parent: new Group("outer") });
  const here = known(urn(PIPELINE, "shop"));
  expect(() => refuseRenamed("shop", { parent: inner }, here)).toThrow(
    'declares "shop" below another parent. To Pulumi',
  );
  refuseRenamed("shop", { parent: inner }, known(urn(`my:index:Group$my:index:Group$${PIPELINE}`, "shop")));
});

test("a state with both, as earlier versions left it, would lose the volumes by either: the one to be taken out is named", () => {
  const both = known(urn(PIPELINE, "shop"), urn(PIPELINE, "store"));
  expect(() => refuseRenamed("shop", {}, both)).toThrow(
    'The state has the pipeline "shop" and another one, cdc:index:Pipeline called store, as after a run',
  );
});

test("a pipeline compares its own name with what was found", async () => {
  await pulumi.runtime.setMocks({ newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) });
  const { Pipeline } = await import("../../../components/pipeline/pipeline");
  const args = { found: { pipelines: known(urn(PIPELINE, "shop")) } } as never;
  expect(() => new Pipeline("store", args)).toThrow('and the program declares "store"');
});
