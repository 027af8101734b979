import { expect, test } from "@jest/globals";
import { halfMadeTopics, removals, sortLocks, stateFolder } from "../../commands/interrupted";

test("a lock is dead when its process on this machine is gone, and held otherwise", () => {
  const lock = (pid: number, hostname: string) => ({ file: `${pid}.json`, pid, hostname });
  const [gone, running, elsewhere] = [lock(1, "here"), lock(2, "here"), lock(1, "there")];
  const sorted = sortLocks([gone, running, elsewhere], "here", (pid) => pid === 2);
  expect(sorted).toEqual({ dead: [gone], held: [running, elsewhere] });
});

test("what was being created is removed; what was being changed or deleted is left to the engine", () => {
  const operation = (type: string, resource: string, name?: string) => ({
    type,
    resource: { type: resource, inputs: { name } },
  });
  const commands = removals([
    operation("creating", "docker:index/container:Container", "cdc-dev-kafka"),
    operation("creating", "docker:index/network:Network", "cdc-dev-net"),
    operation("creating", "docker:index/volume:Volume", "cdc-dev-kafka-data"),
    operation("creating", "pulumi-nodejs:dynamic/debezium:Connector"),
    operation("deleting", "docker:index/container:Container", "cdc-dev-connect"),
  ]);
  expect(commands).toEqual([
    ["rm", "--force", "cdc-dev-kafka"],
    ["network", "rm", "cdc-dev-net"],
  ]);
});

test("topics that were being created are removed where they are; those that were there before are left", () => {
  const topic = (type: string, name: string) => ({
    type,
    resource: { type: "kafka:index/topic:Topic", inputs: { name } },
  });
  const deployment = {
    pending_operations: [topic("creating", "cdctest.public.customers"), topic("updating", "cdctest.dead-letters")],
    resources: [
      { type: "cdc:index:Topics" },
      { type: "pulumi:providers:kafka", inputs: { bootstrapServers: '["127.0.0.1:29092"]' } },
    ],
  };
  expect(halfMadeTopics(deployment)).toEqual({ topics: ["cdctest.public.customers"], brokers: ["127.0.0.1:29092"] });
  expect(halfMadeTopics({})).toEqual({ topics: [], brokers: [] });
});

test("the state is looked for in the project, or in the folder that the backend's address names", () => {
  const folders = [undefined, "", "file://./.state", "file:///srv/state?no_tmp_dir=true", "file://~/pulumi", "s3://b"];
  const found = folders.map((url) => stateFolder(url, "/home/me"));
  expect(found).toEqual([".state", ".state", "./.state", "/srv/state", "/home/me/pulumi", undefined]);
});
