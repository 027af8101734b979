import { beforeEach, expect, jest, test } from "@jest/globals";
import type { Cluster } from "../../../commands/upgrade-postgres/cluster";
import { startOthers } from "../../../commands/upgrade-postgres/others";

/** States of the stack's containers, by their names without the stack's. */
let states: Record<string, string>;
let started: string[];
jest.mock("../../../commands/processes/docker", () => ({
  docker: (command: string, ...args: string[]) => {
    if (command === "start") started = args;
    const lines = Object.entries(states).map(([name, state]) => `cdc-dev-${name}\t${state}`);
    return Promise.resolve(command === "ps" ? lines.join("\n") : "");
  },
}));
const said = jest.spyOn(console, "error").mockReturnValue();

const cluster = {
  ...{
    prefix: "cdc-dev",
    container: "cdc-dev-postgres",
    volume: "cdc-dev-postgres-data",
    image: "cdc/postgres:1",
    version: 17,
  },
} as Cluster;

beforeEach(() => {
  started = [];
  states = { postgres: "exited", zookeeper: "exited", kafka: "exited", connect: "created", consumer: "running" };
});

test("amid an upgrade the stopped containers are started, as no start of the stack does, and the old server is not", async () => {
  expect(await startOthers(cluster, undefined, "between")).toBe(3);
  expect(started).toEqual(["cdc-dev-zookeeper", "cdc-dev-kafka", "cdc-dev-connect"]);
  expect(said).toHaveBeenCalledWith(expect.stringContaining("cdc-dev-zookeeper, cdc-dev-kafka, cdc-dev-connect"));
});

test.each([
  ["between", "'mv /volume/17.before-18 /volume/17'"],
  ["after", "'mv /volume/18 /volume/old-18 && mv /volume/17.before-18 /volume/17'"],
] as const)(
  "without Kafka Connect's container (%s), the way back to the old cluster is named, and nothing is started",
  async (place, move) => {
    delete states["connect"];
    const refused = startOthers(cluster, undefined, place);
    await expect(refused).rejects.toThrow(/^There is no container cdc-dev-connect, so the connectors cannot be told/);
    await expect(refused).rejects.toThrow(
      `--volume cdc-dev-postgres-data:/volume --entrypoint sh cdc/postgres:1 -c ${move}\nthen \`npm start\`, and the upgrade once more.`,
    );
    expect(started).toEqual([]);
  },
);

test("parts that somebody else runs are no missing containers", async () => {
  states = { postgres: "exited" };
  expect(await startOthers(cluster, { kafka: {}, connect: {} } as never, "after")).toBe(0);
});
