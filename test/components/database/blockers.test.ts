import { describe, expect, test } from "@jest/globals";
import { blockerWords, heldWords, type Blocker } from "../../../components/database/blockers";

const SESSION: Blocker = {
  pid: 53,
  gid: null,
  database: "shop",
  user: "admin",
  program: "psql",
  seconds: 200,
  state: "idle in transaction",
  statement: "insert into\n  orders\tvalues (1)",
};

describe("who holds us up", () => {
  test("a session: process, program, user, database, since when, its last statement, and what ends it", () => {
    expect(blockerWords(SESSION)).toBe(
      "process 53 (psql) of admin in shop, open for 3 min, idle in transaction, last statement: insert into orders " +
        "values (1) (end it with: SELECT pg_terminate_backend(53))",
    );
  });

  test("a prepared transaction, which no process holds", () => {
    const { pid: _pid, ...prepared } = { ...SESSION, gid: "it's", seconds: 7300 };
    expect(blockerWords({ ...prepared, pid: null })).toBe(
      "prepared transaction it's of admin in shop, open for 2 h (end it there with: ROLLBACK PREPARED 'it''s')",
    );
  });

  test("what the role may not see is left out", () => {
    expect(blockerWords({ ...SESSION, seconds: null, state: null, statement: null })).toBe(
      "process 53 (psql) of admin in shop (end it with: SELECT pg_terminate_backend(53))",
    );
  });

  test.each([
    [`select '${"x".repeat(200)}'`, `select '${"x".repeat(91)}…`],
    ["alter role a password 'it''s' valid until 'now'", "alter role a password '…' valid until 'now'"],
    ["alter role a PASSWORD 'cut o", "alter role a PASSWORD '…'"],
  ])("a statement is short and without passwords: %.40s", (statement, shown) => {
    expect(blockerWords({ ...SESSION, statement })).toContain(`last statement: ${shown} (end`);
  });

  test("several transactions for which a slot waits; a lock's holder is reported, whoever it is", () => {
    const other = { ...SESSION, pid: 54, seconds: 3, statement: "" };
    expect(heldWords({ slot: "cdc_dev", blockers: [SESSION, other] }, "the capture")).toMatch(
      /^slot cdc_dev is made when these have ended: process 53 .*\(53\)\); process 54 .* 3 s, idle in transaction \(end/,
    );
    expect(heldWords({ slot: null, blockers: [other] }, "the capture")).toMatch(/^the capture waits for process 54 /);
  });
});
