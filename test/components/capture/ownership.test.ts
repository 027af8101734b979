import { describe, expect, test } from "@jest/globals";
import type { DatabaseFacts } from "../../../components/capture/facts/database-facts";
import { strangers } from "../../../components/capture/ownership";
import { captureSql, releaseSql } from "../../../components/capture/capture-sql";
import { DONE, EMPTY, INPUTS, PLAIN, WHOLE, ids } from "./database";

const OTHER = "Change data capture of cdc-other/capture. Goes with it.";
const publication = { ...WHOLE, comment: null, tables: [] };

describe("what has our names in the database", () => {
  test.each<[string, Partial<DatabaseFacts>]>([
    [
      "Publication debezium already exists and was not made by this capture: it seems to belong to its owner cdctest.",
      { publication },
    ],
    ["it seems to belong to the capture of cdc-other/capture.", { publication: { ...publication, comment: OTHER } }],
    ["Role debezium already exists", { role: { ...DONE.role!, comment: null } }],
    ["Table debezium.signals already exists", { signal: { owner: "app", comment: null, written: true } }],
    [
      "Replication slot cdc_dev already exists and was not made by this capture: it seems to belong to another reader " +
        "(at work now, database cdctest, plugin pgoutput).",
      { slot: { active: true, database: "cdctest", plugin: "pgoutput" } },
    ],
    ["plugin wal2json", { ...DONE, slot: { active: false, database: "cdctest", plugin: "wal2json" } }],
  ])("%s", (reason, facts) => {
    expect(strangers({}, INPUTS, { ...EMPTY, ...facts })).toEqual([expect.stringContaining(reason)]);
  });

  test("the way out: another name, dropping it, or taking it over", () => {
    const [reason] = strangers({}, INPUTS, { ...EMPTY, publication });
    expect(reason).toContain("Choose another name (publication; captureName in this project).");
    expect(reason).toContain("run: DROP PUBLICATION debezium;");
    expect(reason).toContain(`COMMENT ON PUBLICATION debezium IS '${DONE.publication!.comment!}';`);
  });

  test("ours by its mark is taken over when the state is lost", () => {
    const facts = { ...DONE, slot: { active: true, database: "cdctest", plugin: "pgoutput" } };
    expect(strangers({}, INPUTS, facts)).toEqual([]);
  });

  test("what the state holds is ours, with a mark or without; another name is looked at", () => {
    const facts = { ...DONE, publication, role: { ...DONE.role!, comment: null } };
    expect(strangers(INPUTS, INPUTS, facts)).toEqual([]);
    expect(strangers({ ...INPUTS, publication: "mine" }, INPUTS, facts)).toHaveLength(1);
    expect(strangers({ ...INPUTS, database: "before" }, INPUTS, facts)).toEqual([]);
  });

  test("a replacement, of which a check knows nothing, finds its own: under another slot's name, and another role's", () => {
    const slot = { active: true, database: "cdctest", plugin: "pgoutput" };
    expect(strangers({}, { ...INPUTS, slotName: "next" }, DONE)).toEqual([]);
    const names = { role: "next", publication: "next", signalTable: "next.signals" };
    expect(strangers({}, { ...INPUTS, ...names }, { ...EMPTY, marks: DONE.marks, slot })).toEqual([]);
  });

  test("a slot that was left on purpose may be read on", () => {
    const facts = { ...EMPTY, slot: { active: false, database: "cdctest", plugin: "pgoutput" } };
    expect(strangers({}, { ...INPUTS, keepSlot: true }, facts)).toEqual([]);
  });

  test("another capture's object that has replaced ours stays when this capture is removed", () => {
    const facts = { ...DONE, publication: { ...publication, comment: OTHER }, role: { ...DONE.role!, comment: OTHER } };
    expect(releaseSql(INPUTS, facts)).toEqual([
      ...["signals", "captured"].map((name) => `DROP TABLE "debezium"."${name}"`),
      `DROP SCHEMA IF EXISTS "debezium"`,
    ]);
  });
});

test("rights that somebody gave the role stay; those that the capture gave go", () => {
  const facts = { ...DONE, granted: [...DONE.granted, "app.heartbeat"], usages: [...DONE.usages, "app", "web"] };
  const olds = { ...INPUTS, captured: ["public.customers", "web.users"] };
  const revoked = (captured: string[]) =>
    captureSql(INPUTS, ids(...captured), facts, "v", olds).filter((sql) => /^REVOKE/.test(sql));
  expect(revoked(["public.customers"])).toEqual([`REVOKE ALL ON SCHEMA "web" FROM "debezium"`]);
  expect(revoked(["public.orders"])[0]).toBe(`REVOKE ALL ON "public"."customers" FROM "debezium"`);
});

test("a setting for the role in this database alone is taken back", () => {
  const role = { ...DONE.role!, ...PLAIN, here: ["statement_timeout=5s"] };
  expect(captureSql(INPUTS, ids("public.customers"), { ...DONE, role }, "v")).toContain(
    `ALTER ROLE "debezium" IN DATABASE "cdctest" RESET statement_timeout`,
  );
});
