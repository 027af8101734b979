import { expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { Pipeline, type PipelineArgs } from "../../components/pipeline/pipeline";
import { declaredBy } from "../support/program/mocked-program";

// The test must not depend on this machine's engine and ports.
jest.mock("../../components/preflight/preflight", () => ({
  preflight: () =>
    Promise.resolve({ present: new Set(), postgres: { dataPath: "/var/lib/postgresql/data", capabilities: [] } }),
}));
jest.spyOn(pulumi.log, "info").mockResolvedValue();

test("five lines declare the whole pipeline under the program's own names", async () => {
  const { recorded, exported } = await declaredBy("examples/pipeline/index", "shop", { "shop:password": "word" });
  const containers = recorded.filter(({ type }) => type === "docker:index/container:Container");
  expect(containers.map(({ inputs }) => inputs["name"]).sort()).toEqual([
    ...["shop-dev-connect", "shop-dev-consumer", "shop-dev-kafka", "shop-dev-postgres", "shop-dev-zookeeper"],
  ]);
  const topic = recorded.find(({ name }) => name === "cdctest.public.customers")!;
  expect(topic.inputs["config"]).toEqual({
    "cleanup.policy": "delete",
    "retention.ms": "3600000",
    "segment.ms": "900000",
  });
  expect(Object.keys(exported).sort()).toEqual(
    ["bootstrapServers", "connectToken", "connectUrl", "connectorState", "databaseUrl", "feedUrl", "topics"].sort(),
  );
});

test("a second pipeline in the same stack is refused with the two ways that there are", () => {
  expect(() => new Pipeline("more", {} as PipelineArgs)).toThrow(
    'Pipeline "more" is the second of this stack, after "shop". Give it a stack of its own, or capture its database with ' +
      'PostgresCapture and DebeziumConnector in the Kafka Connect of "shop".',
  );
});
