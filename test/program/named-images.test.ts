import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { declaredWith, type Recorded } from "../support/program/declared";

const mockFound: { imageIds: Record<string, string> } = { imageIds: {} };
// The test must not depend on this machine's engine and ports.
jest.mock("../../components/preflight/preflight", () => ({
  preflight: () =>
    Promise.resolve({
      ...{ present: new Set(), postgres: { dataPath: "/var/lib/postgresql/data", capabilities: [] } },
      ...mockFound,
    }),
}));
jest.spyOn(pulumi.log, "info").mockResolvedValue();

/** By container, the label with the image's id. */
function idsOf(recorded: readonly Recorded[]): Record<string, unknown> {
  const containers = recorded.filter(({ type }) => type === "docker:index/container:Container");
  return Object.fromEntries(
    containers.map(({ name, inputs }) => {
      const labels = inputs["labels"] as { label: string; value: string }[];
      return [
        name.slice("cdc-".length, -"-container".length),
        labels.find(({ label }) => label === "cdc.image")?.value,
      ];
    }),
  );
}

test("every container of an image that a setting names has its id, and no component has it as an input", async () => {
  mockFound.imageIds = { "me/consumer:1": "sha256:c", "me/kafka:1": "sha256:k", "me/postgres:1": "sha256:p" };
  const { recorded } = await declaredWith({
    ...{ consumer: "me/consumer:1", kafkaImage: "me/kafka:1", postgresImage: "me/postgres:1" },
  });
  expect(idsOf(recorded)).toEqual({
    ...{ connect: "me/kafka:1@sha256:k", kafka: "me/kafka:1@sha256:k", zookeeper: "me/kafka:1@sha256:k" },
    ...{ consumer: "me/consumer:1@sha256:c", postgres: "me/postgres:1@sha256:p" },
  });
  expect(recorded.filter(({ inputs }) => "imageIds" in inputs)).toEqual([]);
});

test("the worker's image with plugins is built again where the image under it is another under its name", async () => {
  const plugins = mkdtempSync(join(tmpdir(), "cdc-plugins-"));
  writeFileSync(join(plugins, "some.jar"), "");
  const builtOn = async (id: string) => {
    mockFound.imageIds = { "me/kafka:1": id };
    const { recorded } = await declaredWith({ kafkaImage: "me/kafka:1", connectPlugins: plugins });
    return recorded.find(({ name }) => name.startsWith("cdc-connect-image"))!.inputs["name"];
  };
  expect(await builtOn("sha256:a")).not.toBe(await builtOn("sha256:b"));
});
