import { expect, test } from "@jest/globals";
import { misfit, parseClusters } from "../../../components/preflight/postgres-cluster";
import { ownPostgresImage } from "../../../components/images/postgres-image";

const settings = {
  ...{ prefix: "cdc-dev", database: "shop", user: "owner", captureName: "debezium" },
  postgresImage: "postgres:18",
  postgresVersion: 17 as const,
};
const own = { ...settings, postgresImage: "", postgresVersion: 18 as const };
const wanted = {
  dataPath: "/var/lib/postgresql",
  cluster: "18/docker",
  major: "18",
  capabilities: [],
  takesPassword: true,
};

test("a cluster is known by its folder; folders of databases and of killed starts are none", () => {
  const found = [
    "/volume/17/PG_VERSION:17",
    "/volume/17.initializing/PG_VERSION:17",
    "/volume/18/docker/PG_VERSION:18",
    "/volume/base/16384/PG_VERSION:17",
  ];
  expect([...parseClusters(found.join("\n"))]).toEqual([
    ["17", "17"],
    ["18/docker", "18"],
  ]);
  expect([...parseClusters("/volume/PG_VERSION:17\n/volume/base/1/PG_VERSION:17")]).toEqual([["", "17"]]);
  expect(parseClusters("").size).toBe(0);
});

test("an empty volume, and one whose cluster the server finds and reads, are right, whatever else is there", () => {
  expect(misfit(new Map(), wanted, settings)).toBeUndefined();
  const both = new Map([
    ["17", "17"],
    ["18/docker", "18"],
  ]);
  expect(misfit(both, wanted, settings)).toBeUndefined();
  expect(misfit(both, { ...wanted, major: undefined }, settings)).toBeUndefined();
});

test("a cluster that would not be seen is refused by name, with the way for its rows", () => {
  expect(misfit(new Map([["17", "17"]]), wanted, settings)).toBe(
    'cdc:postgresImage "postgres:18" brings PostgreSQL 18, which looks for its cluster in 18/docker of the volume ' +
      "cdc-dev-postgres-data, and that holds the cluster of PostgreSQL 17 in 17: it would not be read, and an empty database " +
      "would stand in its place. Nothing was changed. Set postgresImage back to keep the database. To take its rows along, set " +
      "it back, and with the stack up `mkdir rows && docker exec cdc-dev-postgres pg_dump --username=owner " +
      "--exclude-schema=debezium --no-publications shop > rows/dump.sql`, `pulumi config set initFolder rows`, `pulumi preview` (which " +
      'refuses what is too large: docs/upgrading.md, "A large dump"), `npm stop`, set postgresImage again, `npm start`.',
  );
});

test("so is one of another version at its very place, and one of ours under an official image", () => {
  const root = { ...wanted, cluster: "", major: "17" };
  expect(misfit(new Map([["", "16"]]), root, settings)).toContain(
    "brings PostgreSQL 17, which looks for its cluster in the volume cdc-dev-postgres-data, and that holds the cluster of PostgreSQL 16:",
  );
  expect(misfit(new Map([["17", "17"]]), root, settings)).toContain("of PostgreSQL 17 in 17:");
  const ours = misfit(new Map([["", "17"]]), ownPostgresImage(17), { ...own, postgresVersion: 17 });
  expect(ours).toMatch(
    /^cdc:postgresVersion "17" brings PostgreSQL 17, which looks for its cluster in 17 of the volume/,
  );
  expect(ours).toContain("set postgresVersion 17 again");
});

test("a newer version of ours is refused with the command that takes the rows along", () => {
  expect(misfit(new Map([["17", "17"]]), ownPostgresImage(18), own, "17")).toBe(
    'cdc:postgresVersion "18" brings PostgreSQL 18, which looks for its cluster in 18 of the volume cdc-dev-postgres-data, and ' +
      "that holds the cluster of PostgreSQL 17 in 17: it would not be read, and an empty database would stand in its place. " +
      "Nothing was changed. Set postgresVersion back to keep the database. To take its rows along: " +
      "`npm run upgrade-postgres` (docs/upgrading.md).",
  );
});

test("so is the way back to a cluster that an upgrade has left, under its name and under another", () => {
  const back = { ...own, postgresVersion: 17 as const };
  const both = new Map([
    ["17", "17"],
    ["18", "18"],
  ]);
  expect(misfit(both, ownPostgresImage(17), back, "18")).toContain(
    "that holds the cluster of PostgreSQL 17 in 17 and PostgreSQL 18 in 18: what was written since to the one in 18 would not be seen.",
  );
  expect(misfit(both, ownPostgresImage(18), own, "18")).toBeUndefined();
  const left = new Map([
    ["17.before-18", "17"],
    ["18", "18"],
  ]);
  expect(misfit(left, ownPostgresImage(18), own)).toBeUndefined();
  expect(misfit(left, ownPostgresImage(17), back)).toContain(
    "that holds the cluster of PostgreSQL 17 in 17.before-18 and PostgreSQL 18 in 18: it would not be read",
  );
});
