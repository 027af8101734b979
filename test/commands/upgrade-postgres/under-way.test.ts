import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rejectHalfUpgraded, rejectUpgrading } from "../../../commands/upgrade-postgres/under-way";
import { takeUpgrade } from "../../../commands/upgrade-postgres/upgrade-lock";
import { lookAtUpgrade } from "../../../commands/upgrade-postgres/upgrade-look";

let clusters: string[];
const ended: string[] = [];
/** Whether the engine has the container of pg_upgrade. */
let isThere: boolean;
jest.mock("../../../components/preflight/postgres-cluster", () => ({
  clustersIn: () => Promise.resolve(new Map(clusters.map((folder) => [folder, folder.slice(0, 2)]))),
}));
jest.mock("../../../commands/upgrade-postgres/cluster", () => ({
  clusterOf: () => Promise.resolve({ container: "cdc-dev-postgres", version: 17 }),
}));
jest.mock("../../../commands/upgrade-postgres/container", () => ({
  ...jest.requireActual<object>("../../../commands/upgrade-postgres/container"),
  hasUpgrade: () => Promise.resolve(isThere),
  endUpgrade: (prefix: string) => Promise.resolve(ended.push(prefix) > 0),
}));
const said = jest.spyOn(console, "error").mockReturnValue();

/** No process has it: numbers end before. */
const GONE = 2 ** 22 + 1;
const root = process.cwd();
let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "cdc-under-way-")));
  process.chdir(folder);
  ended.length = 0;
  isThere = false;
  clusters = ["17"];
});
afterEach(() => {
  process.chdir(root);
  rmSync(folder, { recursive: true });
});

const FILE = "dist/upgrade-postgres/cdc-dev";
function takenBy(pid: number): void {
  mkdirSync("dist/upgrade-postgres", { recursive: true });
  writeFileSync(FILE, String(pid));
}

test("while an upgrade goes on, neither another nor a start nor a stop begins, which would start a server beside it", async () => {
  const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "commands/upgrade-postgres.ts"]);
  try {
    takenBy(other.pid!);
    await expect(rejectUpgrading("cdc-dev")).rejects.toThrow(
      `The database of cdc-dev is being upgraded (\`npm run upgrade-postgres\`, process ${other.pid}). Nothing was changed`,
    );
    expect(() => takeUpgrade("cdc-dev")).toThrow("Another upgrade of cdc-dev runs from this folder");
    expect(ended).toEqual([]);
  } finally {
    other.kill();
  }
});

test("its own bringing up of the stack, and another stack's upgrade, are in nobody's way", async () => {
  takeUpgrade("cdc-dev");
  await rejectUpgrading("cdc-dev");
  await rejectHalfUpgraded("cdc-dev");
  takenBy(GONE);
  await rejectUpgrading("cdc-other");
  expect(ended).toEqual([]);
});

test("after one that was killed, its pg_upgrade is ended; a start goes on where the old cluster is in its place", async () => {
  takenBy(GONE);
  await rejectUpgrading("cdc-dev");
  expect(ended).toEqual(["cdc-dev"]);
  expect(said).toHaveBeenCalledWith("Ended, since the upgrade that started it was killed: cdc-dev-postgres-upgrade.");
  await rejectHalfUpgraded("cdc-dev");
  expect(existsSync(FILE)).toBe(false);
});

test.each([[["17.before-18"]], [["17.before-18", "18"]]])(
  "with %p in the volume the old server has no cluster, and the upgrade alone goes on",
  async (there) => {
    takenBy(GONE);
    clusters = there;
    await expect(rejectHalfUpgraded("cdc-dev")).rejects.toThrow(
      /^An upgrade of the database did not come to its end\.[^]*`npm run upgrade-postgres` (does it again|goes on) from there/,
    );
    expect(existsSync(FILE)).toBe(true);
  },
);

test("a process that has the number of a killed upgrade is not taken for it", async () => {
  if (process.platform !== "linux") return;
  const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  takenBy(other.pid!);
  await rejectUpgrading("cdc-dev").finally(() => other.kill());
  expect(ended).toEqual(["cdc-dev"]);
});

describe("what a look sees of an upgrade, whose remedies would else start a server", () => {
  const GOES_ON = { state: "goes on" };

  test("none, with nothing asked", async () => {
    expect([await lookAtUpgrade("cdc-dev", true), await lookAtUpgrade("cdc-dev", false)]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test("one of another folder, by its container", async () => {
    isThere = true;
    expect(await lookAtUpgrade("cdc-dev", false)).toEqual(GOES_ON);
  });

  test.each([true, false])("one of this folder, by its process; the server runs: %p", async (runs) => {
    const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "commands/upgrade-postgres.ts"]);
    takenBy(other.pid!);
    expect(await lookAtUpgrade("cdc-dev", runs).finally(() => other.kill())).toEqual({
      ...GOES_ON,
      process: other.pid,
    });
  });

  test("the container of one that was killed, also where somebody has started a server beside it", async () => {
    takenBy(GONE);
    isThere = true;
    expect([await lookAtUpgrade("cdc-dev", false), await lookAtUpgrade("cdc-dev", true)]).toEqual([
      { state: "left" },
      { state: "left" },
    ]);
  });

  test.each([
    [["17"], undefined],
    [["17.before-18"], { state: "ended", place: "between" }],
    [["17.before-18", "18"], { state: "ended", place: "after" }],
  ])("after its end, %p in the volume", async (there, seen) => {
    takenBy(GONE);
    clusters = there;
    expect(await lookAtUpgrade("cdc-dev", false)).toEqual(seen);
  });
});
