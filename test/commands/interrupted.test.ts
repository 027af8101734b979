import { expect, test } from "@jest/globals";
import { removals, sortLocks } from "../../commands/interrupted";

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
