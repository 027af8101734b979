import { EndedError } from "../../../commands/processes/signals";
import { beforeEach, expect, jest, test } from "@jest/globals";
import type { Upgraded } from "../../../commands/upgrade-postgres/cluster";
import type { Target } from "../../../components/connector/rest/rest";
import type { Reader } from "../../../commands/upgrade-postgres/connectors";

/** The whole command, with all around it played. What it did, in its order. */
let done: string[];
/** Folders of the clusters in the volume; undefined: they cannot be seen. */
let clusters: string[] | undefined;
let run: () => Upgraded;
/** The exit code of the last step. */
let upCode: number;
let main: () => Promise<number>;

const reader = (connector: string, slot: string): Reader => ({
  ...{ connector, slot, publication: "debezium", signalTable: "", server: "postgres:5432", state: "RUNNING" },
});
let readers: Reader[];
/** The databases in which slots and notes were asked for, each with the connector; and the SQL for the new cluster. */
let inDatabases: unknown[][];
let sql: string;
/** Where the connectors were asked for; and whether Kafka Connect does not answer. */
let targets: Target[];
let isSilent: boolean;
const names = (those: readonly Reader[]): string => those.map(({ connector }) => connector).join(", ");

const note = (what: string) => Promise.resolve(void done.push(what));
jest.mock("../../../commands/terminal/main", () => ({ runMain: (given: () => Promise<number>) => (main = given) }));
jest.mock("../../../commands/stack/this-stack", () => ({ thisStack: () => Promise.resolve("cdc-dev") }));
jest.mock("../../../commands/stack/stack-outputs", () => ({
  captured: (args: string[]) => (args[1] === "get" ? Promise.resolve("c\n") : note(args.join(" "))),
  stackOutputs: () =>
    Promise.resolve({
      ...{ connectUrl: "http://c", connectToken: "t", databaseUrl: "postgres://u:p@h:1/shop" },
      existing: { connect: { url: "http://c", security: { username: "me", password: "secret" } } },
    }),
}));
jest.mock("../../../components/preflight/engine-lists", () => ({
  EngineLists: class {
    readonly images = () => Promise.resolve(new Set<string>());
    readonly containers = () => Promise.resolve([{ name: "cdc-dev-connect" }]);
  },
}));
jest.mock("../../../components/preflight/postgres-cluster", () => ({
  clustersIn: () =>
    clusters === undefined
      ? Promise.reject(new Error("no engine"))
      : Promise.resolve(new Map(clusters.map((folder) => [folder, folder.slice(0, 2)]))),
}));
jest.mock("../../../commands/processes/docker", () => ({
  docker: (...args: string[]) => (args[0] === "ps" ? Promise.resolve(listed) : note(`docker ${args[0]}`)),
  dockerApart: (args: string[]) => note(`docker ${args[0]}`),
}));
/** The stack's containers, with their states. */
let listed: string;
/** Containers of pg_upgrade that are there: a killed run has left one, or this run has. */
let upgrading: boolean;
jest.mock("../../../commands/upgrade-postgres/container", () => ({
  ...{ upgradeContainer: () => "u" },
  endUpgrade: () => (upgrading ? note("end pg_upgrade").then(() => !(upgrading = false)) : Promise.resolve(false)),
}));
jest.mock("../../../commands/processes/lock", () => ({
  Lock: { take: () => ({ release: () => void done.push("released") }) },
}));
jest.mock("../../../commands/start/bring-up", () => ({
  bringUp: (args: string[]) => note(`up ${args.join(" ")}`).then(() => upCode),
}));
jest.mock("../../../commands/upgrade-postgres/pending", () => ({ refusePending: () => note("pending settings") }));
jest.mock("../../../components/connector/slot/connector-session", () => ({
  withSession: ({ database }: { database: string }, work: (ask: unknown) => unknown) => work(database),
}));
jest.mock("../../../commands/upgrade-postgres/drain", () => ({
  ...{ logicalSlots: () => Promise.resolve(["debezium", "further"]), rejectUnready: () => undefined },
  ...{
    changedSentences: (...asked: unknown[]) => (inDatabases.push(asked), Promise.resolve([])),
    readUp: () => Promise.resolve(),
    otherSessions: () => Promise.resolve([]),
  },
  passSilence: (...asked: unknown[]) => (inDatabases.push(asked), Promise.resolve(0)),
}));
jest.mock("../../../commands/upgrade-postgres/cluster", () => ({
  ...jest.requireActual<object>("../../../commands/upgrade-postgres/cluster"),
  clusterOf: () => Promise.resolve({ prefix: "cdc-dev", container: "cdc-dev-postgres", version: 17, user: "owner" }),
  ...{ buildImages: () => Promise.resolve("upgrade"), removeUpgradeImages: () => Promise.resolve() },
  upgradeVolume: (...args: string[]) => note("pg_upgrade").then(() => ((sql = args[3]!), run())),
}));
jest.mock("../../../commands/upgrade-postgres/connectors", () => ({
  ...jest.requireActual<object>("../../../commands/upgrade-postgres/connectors"),
  readersOf: (target: Target) => {
    targets.push(target);
    return isSilent ? Promise.reject(new Error("upgrade: GET http://c got no answer.")) : Promise.resolve(readers);
  },
  stopReader: (_target: unknown, { connector }: Reader) => note(`stop ${connector}`),
  resumeReader: (_target: unknown, { connector }: Reader) => note(`resume ${connector}`),
  resumeStopped: (_target: unknown, stopped: Reader[]) =>
    note(`resume what is stopped of ${names(stopped)}`).then(() => []),
  moveReader: (_target: unknown, { connector }: Reader, to: bigint) => note(`move ${connector} ${to}`),
}));
const said = jest.spyOn(console, "error").mockReturnValue();

const UPGRADED: Upgraded = { positions: new Map([["debezium", 9n]]), unanalyzed: [] };

beforeEach(async () => {
  // In Jest's own process these would be its arguments.
  process.argv.splice(2);
  done = [];
  targets = [];
  inDatabases = [];
  isSilent = upgrading = false;
  upCode = 0;
  clusters = ["17"];
  listed = "cdc-dev-postgres\texited\ncdc-dev-kafka\trunning\ncdc-dev-connect\trunning";
  readers = [reader("c", "debezium")];
  run = () => {
    clusters = ["17.before-18", "18"];
    return UPGRADED;
  };
  said.mockClear();
  await import("../../../commands/upgrade-postgres");
});

/** A run that fails, and what the volume has by then. */
function failing(there: string[] | undefined): Promise<string> {
  run = () => {
    clusters = there;
    throw new Error("it did not do it");
  };
  return main().then(
    () => "it ended well",
    ({ message }: Error) => message,
  );
}

test("changed settings are looked at before anything is stopped, and nobody says yes for the person", async () => {
  expect(await main()).toBe(0);
  expect(done).toEqual([
    ...["docker start", "pending settings", "stop c", "docker stop", "pg_upgrade", "move c 9", "docker image"],
    ...["config set postgresVersion 18", "released", "up ", "resume what is stopped of c"],
  ]);
});

test("slot and notes of a connector on another database of the server are asked for, and renewed, in that one", async () => {
  const billing = { ...reader("d", "further"), database: 'bill"ing', signalTable: "debezium.signals" };
  readers = [{ ...reader("c", "debezium"), signalTable: "debezium.signals" }, billing];
  expect(await main()).toBe(0);
  const asked = inDatabases.map(([database, reader]) => [(reader as Reader).connector, database]);
  expect(asked.sort()).toEqual([
    ["c", "shop"],
    ["c", "shop"],
    ["d", 'bill"ing'],
    ["d", 'bill"ing'],
  ]);
  expect(sql.match(/^\\connect .*$/gm)).toEqual(['\\connect "shop"', '\\connect "bill""ing"']);
});

test("statistics that could not be made are told", async () => {
  const before = run;
  run = () => ({ ...before(), unanalyzed: [{ database: "shop", reason: "f() fails" }] });
  expect(await main()).toBe(0);
  expect(said).toHaveBeenCalledWith(expect.stringContaining("The planner has no statistics of database shop yet"));
});

test("a failure with the old cluster in its place: the old server and the connectors go on", async () => {
  expect(await failing(["17"])).toBe("it did not do it\nPostgreSQL 17 stays what it was.");
  expect(done.slice(-3)).toEqual(["docker start", "resume c", "docker image"]);
});

test.each([
  [
    "after the new cluster is in place",
    ["17.before-18", "18"],
    "The cluster of PostgreSQL 18 is whole and in its place",
  ],
  ["between the two moves", ["17.before-18"], "It ended between the last two steps"],
  ["that hides the volume", undefined, "How far it came could not be seen in the volume"],
])("a failure %s starts no server and no connector, and says the way on", async (_what, there, text) => {
  const message = await failing(there);
  expect(message).toContain(`it did not do it\n${text}`);
  expect(message).toContain("`npm run upgrade-postgres`");
  expect(done.slice(done.indexOf("pg_upgrade"))).toEqual(["pg_upgrade", "docker image"]);
});

test.each([[["17.before-18", "18"]], [["17.before-18"]]])(
  "another run goes on from %p, without the server that is away",
  async (there) => {
    clusters = there;
    expect(await main()).toBe(0);
    expect(done).not.toContain("docker start");
    expect(done).toContain("move c 9");
    expect(done.slice(-2)).toEqual(["up ", "resume what is stopped of c"]);
  },
);

test("a further connector on this server goes on after the upgrade; one of another server with such a slot is left alone", async () => {
  readers = [
    reader("c", "debezium"),
    reader("mine", "further"),
    { ...reader("theirs", "debezium"), server: "db:5432" },
  ];
  expect(await main()).toBe(0);
  expect(done.filter((each) => each.startsWith("stop "))).toEqual(["stop c", "stop mine"]);
  expect(done.at(-1)).toBe("resume what is stopped of c, mine");
});

test("another run stops and moves those alone whose slots the server has, and lets them go on", async () => {
  clusters = ["17.before-18", "18"];
  readers = [
    reader("c", "debezium"),
    reader("slotless", "none"),
    { ...reader("theirs", "debezium"), server: "db:5432" },
  ];
  expect(await main()).toBe(0);
  expect(done.filter((each) => /^(stop|move) /.test(each))).toEqual(["stop c", "move c 9"]);
  expect(done.at(-1)).toBe("resume what is stopped of c");
});

test("where the stack does not come up, the stopped connectors are told with the way to resume them", async () => {
  upCode = 255;
  expect(await main()).toBe(255);
  expect(said).toHaveBeenCalledWith(expect.stringContaining("http://c/connectors/c/resume"));
});

test("Kafka Connect is asked with its login, for some seconds, and one that does not answer is told with nothing done", async () => {
  isSilent = true;
  await expect(main()).rejects.toThrow(
    /^upgrade: GET http:\/\/c got no answer\. The connectors have to read .* `npm run doctor` says what is wrong\. Nothing was changed\.$/,
  );
  expect(done).toEqual([]);
  expect(targets[0]).toMatchObject({ token: "t", security: { username: "me", password: "secret" } });
  expect(targets[0]!.until - Date.now()).toBeLessThanOrEqual(20_000);
});

test("pg_upgrade that a killed run has left is ended before a server is started", async () => {
  upgrading = true;
  expect(await main()).toBe(0);
  expect(done.slice(0, 2)).toEqual(["end pg_upgrade", "docker start"]);
});

test("where Docker's client alone ends, pg_upgrade is ended before the old server is started again", async () => {
  run = () => {
    upgrading = true;
    throw new Error("killed");
  };
  await expect(main()).rejects.toThrow("killed\nPostgreSQL 17 stays what it was.");
  expect(done.slice(done.indexOf("pg_upgrade"))).toEqual([
    ...["pg_upgrade", "end pg_upgrade", "docker start", "resume c", "docker image"],
  ]);
});

test("after a failure the next start looks at the volume: the mark of an upgrade stays", async () => {
  await failing(["17.before-18"]);
  expect(done).not.toContain("released");
});

test.each([["18"], ["17.before-18"]])(
  "beside %s, left by an upgrade that was taken back, nothing is begun",
  async (folder) => {
    clusters = ["17", folder];
    await expect(main()).rejects.toThrow(
      `  docker exec cdc-dev-postgres mv /var/lib/postgresql/data/${folder} /var/lib/postgresql/data/old-${folder}`,
    );
    expect(done).toEqual([]);
  },
);

// The last one: no further step of this process is taken after it.
test("a signal ends pg_upgrade, brings the old server and the connectors back, and is a signal's end", async () => {
  run = () => {
    upgrading = true;
    process.emit("SIGTERM", "SIGTERM");
    throw new Error("it ended");
  };
  const error = await main().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(EndedError);
  expect(said).toHaveBeenCalledWith(expect.stringMatching(/^\nSIGTERM: the upgrade ends, /));
  expect((error as Error).message).toBe("\nEnded by SIGTERM. it ended\nPostgreSQL 17 stays what it was.");
  expect(done.slice(done.indexOf("pg_upgrade"))).toEqual([
    ...["pg_upgrade", "end pg_upgrade", "docker start", "resume c", "docker image"],
  ]);
});
