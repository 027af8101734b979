import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { manifest } from "../../library/manifest.mjs";

const project = JSON.parse(readFileSync("package.json", "utf8"));

test("who registers a connector alone gets neither Pulumi's Docker nor its Kafka package", () => {
  const { dependencies, peerDependencies, peerDependenciesMeta } = manifest(project);
  expect(Object.keys(dependencies)).toEqual(["axios", "kafkajs", "pg"]);
  const asked = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  expect(asked).toEqual(["@pulumi/pulumi"]);
});

test("versions are those of this project, so what is tested here is what others get", () => {
  const { dependencies, peerDependencies } = manifest(project);
  const { "@pulumi/pulumi": sdk, ...others } = peerDependencies;
  expect({ ...dependencies, ...others }).toEqual(
    Object.fromEntries(Object.keys({ ...dependencies, ...others }).map((name) => [name, project.dependencies[name]])),
  );
  expect(sdk).toBe(`^${project.dependencies["@pulumi/pulumi"]}`);
});
