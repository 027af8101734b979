import { describe, expect, test } from "@jest/globals";
import { declaredIn } from "../../../commands/doctor/applied-settings";
import { captureFindings, configFindings } from "../../../commands/doctor/capture-look";
import { findingsOf } from "../../../commands/look/findings";
import type { DatabaseFacts } from "../../../components/capture/facts/database-facts";
import { ROLE_SESSION } from "../../../components/capture/role/role";
import { connector, database, failed, slot, stackLook } from "../../support/fakes/stack-look";
import { told } from "./told";

const CAPTURE = {
  ...{ host: "127.0.0.1", port: 55432, database: "cdctest", adminUser: "cdctest", role: "debezium" },
  ...{ tables: ["public.customers"], captured: ["public.customers"], publication: "debezium", slotName: "s" },
  ...{ replicaIdentity: "FULL" as const, signalTable: "debezium.signals", keepSlot: false, readyTimeoutSeconds: 120 },
};

const MADE = { generated: false, owner: "cdctest", owned: true, comment: null };

function facts(changes: Partial<DatabaseFacts> = {}): DatabaseFacts {
  const table = { isPartition: false, root: null, isPartitioned: false, children: [], rowSecurity: false, virtual: [] };
  return {
    ...{ version: 170000, walLevel: "logical", mayBypass: true },
    tables: [{ ...table, name: "public.customers", replicaIdentity: "FULL", hasKey: true }],
    role: {
      ...{ login: true, replication: true, superuser: false, createdb: false, createrole: false, bypassrls: true },
      ...{ limited: false, expired: false },
      settings: ROLE_SESSION.map(([name, value]) => `${name}=${value}`),
      ...{ here: [], comment: null },
    },
    publication: {
      allTables: false,
      tables: ["debezium.signals", "public.customers"],
      complete: true,
      partial: [],
      ...MADE,
    },
    rights: { connects: true, schemas: {} },
    ...{ selects: ["public.customers", "debezium.captured"], granted: ["public.customers"], usages: ["public"] },
    notes: { comment: null, fits: true, ids: {}, changed: [], identities: {} },
    ...changes,
  } as DatabaseFacts;
}

describe("the declaration", () => {
  const resources = [
    { type: "pulumi-nodejs:dynamic/postgres:Capture", outputs: CAPTURE },
    { type: "docker:index/container:Container", outputs: { name: "cdc-dev-postgres" } },
  ];
  const declared = { ok: true, value: declaredIn({ deployment: { resources } }) } as const;

  test("is read from a state's file and from an export alike", () => {
    expect(declaredIn({ checkpoint: { latest: { resources } } })).toEqual({ capture: CAPTURE, connector: undefined });
    expect(declared.value).toEqual({ capture: CAPTURE, connector: undefined });
    expect(declaredIn({ checkpoint: { latest: {} } })).toEqual({ capture: undefined, connector: undefined });
  });

  test("is compared with the database", () => {
    expect(told(captureFindings(declared, { ok: true, value: facts() }))).toEqual([
      "good publication debezium: 1 table as declared, and role debezium with its rights",
    ]);
    const publication = { allTables: false, tables: ["debezium.signals"], complete: true, partial: [], ...MADE };
    expect(
      told(captureFindings(declared, { ok: true, value: facts({ publication, selects: ["debezium.captured"] }) })),
    ).toEqual([
      "bad publication debezium: publication debezium lacks public.customers → npm start",
      "bad publication debezium: debezium may not SELECT from public.customers → npm start",
    ]);
  });

  test("a declaration that cannot be read is no fault of the stack", () => {
    const reason = "there is no .state/.pulumi/stacks/cdc/dev.json; was it started from another folder?";
    expect(told(captureFindings({ ok: false, reason }, undefined))).toEqual([
      `note declaration: publication and rights cannot be compared with what is declared: ${reason}`,
    ]);
  });

  test("what `status` finds in the capture is said as long as the two were not compared, and once where they were", () => {
    const changed = [{ table: "public.customers", what: "remade", was: null, now: null } as const];
    const look = stackLook({ database: { ...database(slot()), changedTables: changed, unnoted: ["debezium"] } });
    const asStatus = ["publication debezium", "public.customers"];
    const badOf = (...further: Parameters<typeof captureFindings>) =>
      findingsOf(look, captureFindings(...further)).flatMap(({ mark, about }) => (mark === "bad" ? [about] : []));
    expect(badOf({ ok: false, reason: "was it started from another folder?" }, undefined)).toEqual(asStatus);
    expect(badOf(declared, { ok: false, reason: "no answer within 4 s" })).toEqual(asStatus);
    const notes = { comment: null, fits: true, ids: {}, changed, identities: {} };
    expect(badOf(declared, { ok: true, value: facts({ notes }) })).toEqual(["public.customers"]);
  });

  test("is compared with the connector's config, without a word of its secrets", () => {
    const config = { "max.batch.size": "1024", "database.password": "declared" };
    const applied = { capture: undefined, connector: { connectorName: "customer-cdc", config, state: "RUNNING" } };
    const live = connector({ config: { "max.batch.size": "1", "database.password": "changed" } });
    expect(told(configFindings({ ok: true, value: applied }, { ok: true, value: [live] }))).toEqual([
      'bad customer-cdc: max.batch.size: "1" in Kafka Connect, "1024" declared → npm start',
      "bad customer-cdc: database.password: another value in Kafka Connect, another value declared → npm start",
    ]);
  });

  test("names tables that are no longer what was captured", () => {
    const changed = [
      { table: "public.customers", what: "remade", was: null, now: null } as const,
      { table: "public.old", what: "renamed", was: "public.old", now: "public.new" } as const,
    ];
    const notes = { comment: null, fits: true, ids: {}, changed, identities: {} };
    expect(told(captureFindings(declared, { ok: true, value: facts({ notes }) }))).toEqual([
      "bad public.customers: public.customers was dropped and made again: rows and changes may be missing from its topic: " +
        "`npm start` reads its rows again → npm start",
      "bad public.old: public.old was renamed to public.new: its changes are no longer read: name public.new in `tables`, " +
        "or rename it back, then `npm start`",
    ]);
  });

  test("that the database differs from is the cause, and a failed task follows from it", () => {
    const look = stackLook({ connectors: [failed("org.postgresql.util.PSQLException: publication does not exist")] });
    const further = captureFindings(declared, { ok: true, value: facts({ publication: undefined }) });
    const marks = findingsOf(look, further).filter(({ mark }) => mark === "bad" || mark === "follows");
    expect(marks.map(({ mark, about }) => `${mark} ${about}`)).toEqual([
      "bad publication debezium",
      "follows customer-cdc",
    ]);
  });

  test("a task that failed on something else has its own remedy beside what the database differs in", () => {
    const trace =
      "org.apache.kafka.common.errors.RecordTooLargeException: The message is 33555097 bytes when serialized";
    const look = stackLook({ connectors: [failed(trace)] });
    const further = captureFindings(declared, { ok: true, value: facts({ publication: undefined }) });
    expect(told(findingsOf(look, further).filter(({ part }) => part === "connector"))).toEqual([
      expect.stringMatching(/^bad customer-cdc: .*RecordTooLarge.* → .*maxRecordMb 33/),
    ]);
  });
});
