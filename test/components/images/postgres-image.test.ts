import { expect, test } from "@jest/globals";
import { ownPostgresImage, postgresImageOf } from "../../../components/images/postgres-image";

const STEPPING_DOWN = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SETGID", "CAP_SETUID"];

test("ours runs without any rights, its cluster in a folder of its version", () => {
  expect(ownPostgresImage()).toEqual({
    ...{ dataPath: "/var/lib/postgresql/data", cluster: "17", major: "17", capabilities: [] },
  });
});

test("official ones up to 17 have their cluster at the root of the volume, and an entrypoint that steps down", () => {
  const config = {
    Env: ["PATH=/usr/bin", "PG_MAJOR=17", "PG_VERSION=17.5-1.pgdg130+1", "PGDATA=/var/lib/postgresql/data"],
    Volumes: { "/var/lib/postgresql/data": {} },
  };
  expect(postgresImageOf(config)).toEqual({
    ...{ dataPath: "/var/lib/postgresql/data", cluster: "", major: "17", capabilities: STEPPING_DOWN },
  });
});

test("official ones from 18 on have a folder for each version", () => {
  const config = {
    User: "",
    Env: ["PG_MAJOR=18", "PGDATA=/var/lib/postgresql/18/docker"],
    Volumes: { "/var/lib/postgresql": {} },
  };
  expect(postgresImageOf(config)).toEqual({
    ...{ dataPath: "/var/lib/postgresql", cluster: "18/docker", major: "18", capabilities: STEPPING_DOWN },
  });
});

test("what is made from an official one may say another place for the cluster", () => {
  const config = { User: "root", Env: ["PG_MAJOR=17", "PGDATA=/var/lib/postgresql/data/pgdata/"] };
  const got = postgresImageOf({ ...config, Volumes: { "/var/lib/postgresql/data": {}, "/backups": {} } });
  expect([got.dataPath, got.cluster]).toEqual(["/var/lib/postgresql/data", "pgdata"]);
  expect(postgresImageOf({ Env: ["PGDATA=/data/pg"], User: "1001:0" })).toEqual({
    ...{ dataPath: "/data/pg", cluster: "", major: undefined, capabilities: [] },
  });
});

test("an image that says nothing is taken for one like the well-known", () => {
  expect(postgresImageOf({ Env: null, Volumes: null })).toEqual({
    ...{ dataPath: "/var/lib/postgresql/data", cluster: "", major: undefined, capabilities: STEPPING_DOWN },
  });
});
