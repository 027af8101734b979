import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { parseSlots, parseUnanalyzed, unanalyzedText } from "../../../commands/upgrade-postgres/cluster";

/** The script of the upgrade's image, with programs that stand in for those of the new server. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdc-upgrade-"));
  const bin = join(folder, "servers/18/bin");
  mkdirSync(bin, { recursive: true });
  mkdirSync(join(folder, "servers/17/bin"), { recursive: true });
  program(join(bin, "pg_ctl"), "true");
  program(join(bin, "vacuumdb"), 'case $* in *=shop*) echo "vacuumdb: error: function f() fails" >&2; exit 1 ;; esac');
  // Its argument tells which question it is.
  program(
    join(folder, "psql"),
    `case $* in *datname*) printf 'postgres\\nshop\\n' ;; *slot_name*) echo "slot debezium 26739584" ;; *) cat > ${folder}/said ;; esac`,
  );
  // The cluster of 17 was moved away, and the one of 18 is in its place.
  for (const name of ["17.before-18", "18"]) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "PG_VERSION"), name.slice(0, 2));
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(file: string, text: string): void {
  writeFileSync(file, `#!/bin/bash\n${text}\n`);
  chmodSync(file, 0o755);
}

const run = () => {
  const env = {
    ...process.env,
    CLUSTERS: folder,
    SERVERS: join(folder, "servers"),
    PATH: `${folder}:${process.env["PATH"]}`,
  };
  const done = promisify(execFile)("bash", ["images/postgres-upgrade/upgrade.sh", "17", "18", "owner", "shop"], {
    env,
  });
  // A run that refuses does not read it.
  done.child.stdin!.on("error", () => undefined).end("select 1");
  return done;
};

test("statistics that cannot be made are told with their database, and end nothing: the slots follow", async () => {
  const { stdout } = await run();
  expect(parseUnanalyzed(stdout)).toEqual([{ database: "shop", reason: "vacuumdb: error: function f() fails" }]);
  expect([...parseSlots(stdout)]).toEqual([["debezium", 26739584n]]);
});

test("what else fails after the move ends it, so that a rerun does it again", async () => {
  program(join(folder, "servers/18/bin/pg_ctl"), "case $* in *stop*) exit 1 ;; esac");
  await expect(run()).rejects.toMatchObject({ code: 1 });
});

/** A cluster of 17 that was not upgraded yet, and programs that do nothing but make folders. */
function before(): void {
  for (const name of ["17.before-18", "18"]) rmSync(join(folder, name), { recursive: true });
  mkdirSync(join(folder, "17"));
  writeFileSync(join(folder, "17/PG_VERSION"), "17");
  for (const name of ["postgresql.conf", "postgresql.auto.conf", "pg_hba.conf", "pg_ident.conf"])
    writeFileSync(join(folder, "17", name), "");
  const [old, bin] = ["17", "18"].map((major) => join(folder, "servers", major, "bin")) as [string, string];
  program(join(old, "pg_ctl"), "true");
  program(join(old, "pg_controldata"), 'echo "Data page checksum version: 0"');
  program(join(bin, "initdb"), 'mkdir "${1#--pgdata=}"; echo 18 > "${1#--pgdata=}/PG_VERSION"');
  program(join(bin, "pg_upgrade"), "true");
  // It does not know the option of 17.
  writeFileSync(join(bin, "postgres"), "");
}

test("databases with blanks and signs in their names, and their slots, are asked for by their whole names", async () => {
  before();
  program(
    join(folder, "psql"),
    `echo "$PGDATABASE|$*" >> ${folder}/asked
    case $* in *pg_attribute*|*advance*|*file=-*) ;; *"slot_name, datname"*) printf 'debezium\\tmy shop\\n' ;; *datname*) printf 'my shop\\n a=b\\n' ;; esac`,
  );
  await run();
  const asked = readFileSync(join(folder, "asked"), "utf8").split("\n");
  const databases = (what: RegExp) => asked.filter((line) => what.test(line)).map((line) => line.split("|")[0]);
  expect(databases(/update pg_attribute/)).toEqual(["my shop", " a=b"]);
  expect(databases(/advance\('debezium'/)).toEqual(["my shop"]);
});

test.each(["18", "17.before-18"])(
  "%s beside the cluster of 17 is not taken for the one that is being made",
  async (other) => {
    before();
    mkdirSync(join(folder, other));
    writeFileSync(join(folder, other, "PG_VERSION"), other.slice(0, 2));
    await expect(run()).rejects.toMatchObject({ stderr: expect.stringContaining("move that one away first") });
  },
);

test("the sentence has the command that makes up for it", () => {
  const cluster = { container: "cdc-dev-postgres", user: "owner" } as Parameters<typeof unanalyzedText>[0];
  expect(unanalyzedText(cluster, { database: "shop", reason: "function f() fails" })).toBe(
    "The planner has no statistics of database shop yet, and all else is as it was: function f() fails Once that is mended: " +
      "docker exec cdc-dev-postgres vacuumdb --username=owner --dbname=shop --analyze-only --missing-stats-only",
  );
});
