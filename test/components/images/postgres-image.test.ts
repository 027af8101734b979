import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { ownPostgresImage, postgresBuild, postgresImageOf } from "../../../components/images/postgres-image";

const STEPPING_DOWN = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SETGID", "CAP_SETUID"];

test("ours runs without any rights, its cluster in a folder of its version", () => {
  for (const version of [17, 18] as const) {
    const major = String(version);
    expect(ownPostgresImage(version)).toEqual({
      ...{ dataPath: "/var/lib/postgresql/data", cluster: major, major, capabilities: [], takesPassword: true },
    });
  }
  // The entrypoint and the folder that its Dockerfile sets.
  const dockerfile = readFileSync("images/postgres/Dockerfile", "utf8");
  expect(dockerfile).toContain("ARG POSTGRES_MAJOR=17\n");
  const [, entrypoint] = /^ENTRYPOINT (.*)$/m.exec(dockerfile)!;
  expect(postgresImageOf({ Entrypoint: JSON.parse(entrypoint!) as string[] }).takesPassword).toBe(true);
  expect(dockerfile).toContain("PGDATA=/var/lib/postgresql/data/$POSTGRES_MAJOR ");
  expect(postgresBuild(17)).toEqual({ built: "postgres" });
  expect(postgresBuild(18)).toEqual({ built: "postgres-18", buildArgs: { POSTGRES_MAJOR: "18" } });
});

test("official ones up to 17 have their cluster at the root of the volume, and an entrypoint that steps down", () => {
  const config = {
    Env: ["PATH=/usr/bin", "PG_MAJOR=17", "PG_VERSION=17.5-1.pgdg130+1", "PGDATA=/var/lib/postgresql/data"],
    Volumes: { "/var/lib/postgresql/data": {} },
  };
  expect(postgresImageOf(config)).toEqual({
    ...{
      dataPath: "/var/lib/postgresql/data",
      cluster: "",
      major: "17",
      capabilities: STEPPING_DOWN,
      takesPassword: false,
    },
  });
});

test("official ones from 18 on have a folder for each version", () => {
  const config = {
    User: "",
    Env: ["PG_MAJOR=18", "PGDATA=/var/lib/postgresql/18/docker"],
    Volumes: { "/var/lib/postgresql": {} },
  };
  expect(postgresImageOf(config)).toEqual({
    ...{
      dataPath: "/var/lib/postgresql",
      cluster: "18/docker",
      major: "18",
      capabilities: STEPPING_DOWN,
      takesPassword: false,
    },
  });
});

test("what is made from an official one may say another place for the cluster", () => {
  const config = { User: "root", Env: ["PG_MAJOR=17", "PGDATA=/var/lib/postgresql/data/pgdata/"] };
  const got = postgresImageOf({ ...config, Volumes: { "/var/lib/postgresql/data": {}, "/backups": {} } });
  expect([got.dataPath, got.cluster]).toEqual(["/var/lib/postgresql/data", "pgdata"]);
  expect(postgresImageOf({ Env: ["PGDATA=/data/pg"], User: "1001:0" })).toEqual({
    ...{ dataPath: "/data/pg", cluster: "", major: undefined, capabilities: [], takesPassword: false },
  });
});

test("an image that says nothing is taken for one like the well-known", () => {
  expect(postgresImageOf({ Env: null, Volumes: null })).toEqual({
    ...{
      dataPath: "/var/lib/postgresql/data",
      cluster: "",
      major: undefined,
      capabilities: STEPPING_DOWN,
      takesPassword: false,
    },
  });
});
