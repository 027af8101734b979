import { expect, test } from "@jest/globals";
import { postgresOptions } from "../../../components/postgres";
import { parsePostgresConfig } from "../../../components/settings/postgres-config";

const parsed = (value: unknown) => parsePostgresConfig(JSON.stringify(value));

test("names and values as the server's command line takes them; an extension's in either spelling", () => {
  const { config, problems } = parsed({
    max_slot_wal_keep_size: "20GB",
    Work_Mem: 65536,
    jit: false,
    auto_explain: { log_min_duration: "250ms" },
    "pg_stat_statements.track": "all",
  });
  expect(problems).toEqual([]);
  expect(config).toEqual({
    max_slot_wal_keep_size: "20GB",
    work_mem: "65536",
    jit: "off",
    "auto_explain.log_min_duration": "250ms",
    "pg_stat_statements.track": "all",
  });
});

test("the user's own win over the stack's, which stay otherwise", () => {
  const options = postgresOptions({ max_slot_wal_keep_size: "20GB", work_mem: "8MB" });
  expect(options).toEqual(expect.arrayContaining(["wal_level=logical", "max_slot_wal_keep_size=20GB", "work_mem=8MB"]));
  expect(options).not.toContain("max_slot_wal_keep_size=4GB");
});

test.each([
  [
    { wal_level: "replica" },
    '["wal_level"] is what the stack sets itself: logical replication needs logical. Take it out.',
  ],
  [
    { Port: 5433 },
    '["Port"] is what the stack sets itself: the other containers look for it at 5432; the one of this machine is cdc:postgresPort. Take it out.',
  ],
  [{ "work mem": 1 }, '["work mem"] is no name of a server setting.'],
  [{ work_mem: "1MB", WORK_MEM: "2MB" }, '["WORK_MEM"] is there twice: Postgres compares names without case.'],
  [{ work_mem: ["1MB"] }, '["work_mem"] is ["1MB"]; allowed: a text, a number, true or false.'],
  [{ a: { b: { c: 1 } } }, '["a.b"] is {"c":1}; allowed: a text, a number, true or false.'],
  ["on", ' is "\\"on\\""; allowed: an object of names and values.'],
])("%j is refused in a sentence", (value, sentence) => {
  expect(parsed(value).problems).toEqual([sentence]);
});

test("what is set with --secret is refused, and not shown", () => {
  expect(parsePostgresConfig('{"a.word":"secret"}', true)).toEqual({
    config: {},
    problems: [" is set with --secret, and `docker inspect` shows it all the same: set it without."],
  });
});
