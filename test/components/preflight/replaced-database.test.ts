import { beforeEach, expect, jest, test } from "@jest/globals";
import type { AppliedStack } from "../../../components/preflight/applied";
import type { EngineLists } from "../../../components/preflight/engine-lists";
import { madeDatabase } from "../../../components/preflight/first-start";
import { preflight, type PreflightSettings } from "../../../components/preflight/preflight";

const CONTAINER = "cdc-dev-postgres";
const VOLUME = "cdc-dev-postgres-data";
const MADE = '["POSTGRES_DB=shop","POSTGRES_USER=owner"]\ncdc/postgres:1\n';

/** What `docker inspect` of the database's container answers. */
let inspected: string | Error;
/** Volumes in Pulumi's state, and in the engine. */
let applied: string[];
let volumes: string[];
let containers: string[];

jest.mock("../../../components/engine", () => ({
  docker: (args: string[]) =>
    args[0] !== "inspect" || inspected instanceof Error
      ? Promise.reject(inspected instanceof Error ? inspected : new Error("not asked here"))
      : Promise.resolve(inspected),
}));
jest.mock("../../../components/preflight/applied", () => ({
  lastApplied: () => Promise.resolve({ volumes: applied } as AppliedStack),
}));
jest.mock("../../../components/preflight/engine-choice", () => ({ otherEngine: () => Promise.resolve(undefined) }));
jest.mock("../../../components/preflight/engine-memory", () => ({ tooMuchMemory: () => Promise.resolve([]) }));
jest.mock("../../../components/preflight/namesakes", () => ({ namesakes: () => Promise.resolve(undefined) }));
jest.mock("../../../components/preflight/lent-port", () => ({ takenBy: () => Promise.resolve(undefined) }));

beforeEach(() => {
  inspected = MADE;
  applied = [VOLUME, "cdc-dev-kafka-data"];
  volumes = [VOLUME, "cdc-dev-kafka-data"];
  containers = [CONTAINER];
});

/** A run with `cdc:databaseUrl`. */
function run(): Promise<unknown> {
  const settings = {
    ...{ prefix: "cdc-dev", database: "shop", user: "admin", kafkaImage: "", consumer: "none" },
    existingDatabase: { host: "db.example", port: 5432, containerHost: "db.example" },
    ...{ kafkaPort: 29092, connectPort: 8083, consumerPort: 8080, postgresPort: 5432 },
  } as unknown as PreflightSettings;
  const named = (all: string[]) => () => Promise.resolve(all.map((name) => ({ name, stack: "cdc-dev" })));
  const lists = {
    containers: () =>
      Promise.resolve(containers.map((name) => ({ name, stack: "cdc-dev", ports: [], id: `id-of-${name}` }))),
    volumes: named(volumes),
    networks: named([]),
    images: () => Promise.resolve(new Set<string>()),
  } as unknown as EngineLists;
  return preflight(settings, [], lists);
}

test("a database of somebody else's is refused where the stack has one of its own", async () => {
  await expect(run()).rejects.toThrow(`This stack has a database of its own (container ${CONTAINER}), and its rows`);
});

test("also where its container was removed: the rows are in the volume, which would be deleted", async () => {
  containers = [];
  await expect(run()).rejects.toThrow(
    `This stack has a database of its own (volume ${VOLUME}, whose container ${CONTAINER} is not there), and its rows would go`,
  );
  await expect(run()).rejects.toThrow("To keep it: `pulumi config rm databaseUrl`, then `npm start`.");
});

test("an engine that does not say how the container was made is no stack without a database", async () => {
  inspected = new Error("no answer within 20 s");
  const said = `The Docker engine did not say how the stack's database (container ${CONTAINER}) was made: no answer within 20 s.`;
  await expect(run()).rejects.toThrow(said);
  await expect(madeDatabase("cdc-dev")).rejects.toThrow(
    `Once \`docker inspect ${CONTAINER}\` answers, do the same again.`,
  );
});

test("a container that went between two looks leaves the volume to decide", async () => {
  inspected = new Error(`Error response from daemon: No such container: ${CONTAINER}`);
  await expect(run()).rejects.toThrow(`volume ${VOLUME}`);
  expect(await madeDatabase("cdc-dev")).toBeUndefined();
});

test("a stack that never had one, and one whose volume is gone, have nothing to lose", async () => {
  containers = [];
  volumes = [];
  await run();
  applied = [];
  // Somebody else's volume of that name is in no state, so that nothing deletes it.
  volumes = [VOLUME];
  await run();
});
