import { spawn } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import { captureFindings, configFindings } from "../../commands/doctor/capture-look";
import { declaredIn } from "../../commands/doctor/applied-settings";
import {
  diskFinding,
  engineFinding,
  imageFindings,
  type PortLook,
  portFindings,
} from "../../commands/doctor/machine-look";
import { notedFindings, offsetsTopic } from "../../commands/doctor/noted-offset";
import { probeFinding, probeTopic } from "../../commands/doctor/probe";
import { standstillFindings } from "../../commands/doctor/standstill";
import type { Finding } from "../../commands/look/finding";
import { findingsOf } from "../../commands/look/findings";
import { screen } from "../../commands/look/screen";
import { plain } from "../../commands/terminal/paint";
import type { DatabaseFacts } from "../../components/capture/facts/database-facts";
import { ROLE_SESSION } from "../../components/capture/role/role";
import { connector, container, failed, NOW, slot, stackLook } from "../support/fakes/stack-look";

const GB = 2 ** 30;

const told = (findings: Finding[]): string[] =>
  findings.map(({ mark, about, text, remedy }) => `${mark} ${about}: ${text}${remedy ? ` → ${remedy}` : ""}`);

describe("the machine", () => {
  test.each([
    [64 * GB, "good disk: 64 GB free"],
    [4 * GB, "warning disk: 4 GB free → docker builder prune --force && docker image prune --force"],
    [
      GB / 2,
      "bad disk: 512 MB free: databases and brokers stop when it is full → " +
        "docker builder prune --force && docker image prune --force",
    ],
  ])("%d bytes of disk", (free, said) => {
    expect(told([diskFinding(free)])).toEqual([said]);
  });

  test("an engine that only the client's context names is another one to a plain pulumi command", () => {
    const engine = { server: "28.5.2", client: "28.5.2", host: "unix:///run/user/1/docker.sock" };
    const said = "engine: version 28.5.2, client 28.5.2, at unix:///run/user/1/docker.sock";
    const host = { ...engine, context: null };
    expect(told([engineFinding(host)])).toEqual([`good ${said} (DOCKER_HOST)`]);
    expect(told([engineFinding({ ...engine, context: "default" })])).toEqual([`good ${said} (context default)`]);
    expect(told([engineFinding({ ...engine, context: "rootless" })])).toEqual([
      `note ${said} (context rootless); a plain pulumi command asks the default one, unless it is told → ` +
        "export DOCKER_HOST=unix:///run/user/1/docker.sock",
    ]);
  });

  test("a port that another program took is told with its holder, before the container that wants it", () => {
    const own: PortLook = {
      port: 8083,
      setting: "connectPort",
      service: "connect",
      published: true,
      holder: undefined,
    };
    const taken: PortLook = {
      ...{ port: 55432, setting: "postgresPort", service: "postgres", published: false },
      holder: { by: "process 4711 (postgres)", passes: false },
    };
    const passing: PortLook = { ...taken, holder: { by: "a connection that has ended, for 43 s more", passes: true } };
    const free: PortLook = { ...own, port: 8088, service: "consumer", published: false };
    expect(told(portFindings([taken, passing, own, free]))).toEqual([
      "bad port 55432: taken by process 4711 (postgres), so postgres cannot have it → " +
        "stop that, or: npm run pulumi -- config set postgresPort 55433 && npm start",
      // Which waits for it.
      "bad port 55432: taken by a connection that has ended, for 43 s more, so postgres cannot have it → npm start",
      "good ports: 8083 connect",
    ]);
  });

  test("an image is old when its packages are of more than 30 days ago", () => {
    const kafka = { image: "cdc/kafka:0123456789ab", containers: ["cdc-dev-kafka", "cdc-dev-connect"] };
    const taken = Date.parse("2025-12-01T12:00:00Z");
    const images = [
      { ...kafka, taken },
      { image: "postgres:17", taken, containers: ["cdc-dev-postgres"] },
      { ...kafka, image: "cdc/consumer:1", taken: Date.parse("2026-01-01T12:00:00Z") },
    ];
    expect(told(imageFindings(images, NOW))).toEqual([
      "warning cdc/kafka:0123456789ab: packages of 32 days ago → npm run rebuild",
      "warning postgres:17: packages of 32 days ago → " +
        "docker pull postgres:17 && docker rm --force cdc-dev-postgres && npm start",
      "good cdc/consumer:1: packages of 24 h ago",
    ]);
  });
});

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

  test("that cannot be had is no fault of the stack", () => {
    const reason = "there is no .state/.pulumi/stacks/cdc/dev.json; was it started from another folder?";
    expect(told(captureFindings({ ok: false, reason }, undefined))).toEqual([
      `note declaration: publication and rights cannot be compared with what is declared: ${reason}`,
    ]);
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
      "bad public.old: public.old was renamed to public.new: its changes are not read since: name public.new in `tables`, " +
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

describe("the probe", () => {
  test.each<[Record<string, string>, string | undefined]>([
    [{ "topic.prefix": "cdctest" }, "cdctest.message"],
    [{ "topic.prefix": "cdctest", "message.prefix.exclude.list": "cdc\\.heartbeat" }, "cdctest.message"],
    [{ "topic.prefix": "cdctest", "message.prefix.exclude.list": "a, CDC\\..*" }, undefined],
    [{ "topic.prefix": "cdctest", "message.prefix.include.list": "outbox" }, undefined],
    [{ "topic.prefix": "cdctest", "message.prefix.include.list": "outbox,cdc\\.probe" }, "cdctest.message"],
  ])("with %j comes out in %s", (config, topic) => {
    expect(probeTopic(config)).toBe(topic);
  });

  test("says how long it took, or that it got lost, or why it was not tried", () => {
    expect(told([probeFinding({ ok: true, value: 6.42 }, true)])).toEqual([
      "good probe: 6.4 ms from a message in the database's log to its record in Kafka",
    ]);
    expect(told([probeFinding({ ok: false, reason: "Waited 5 s" }, true)])).toEqual([
      "bad probe: a message in the database's log did not reach Kafka: Waited 5 s → npm run logs -- connect",
    ]);
    expect(told([probeFinding({ ok: false, reason: "the consumer reads it" }, false)])).toEqual([
      "note probe: not tried: the consumer reads it",
    ]);
  });
});

test("what Kafka Connect noted last is compared with the slot when it cannot be asked", () => {
  const environment = { PROPERTIES: "group.id=connect\noffset.storage.topic=cdc_connect_offsets\n" };
  expect(offsetsTopic(container("connect", { environment }))).toBe("cdc_connect_offsets");
  expect(offsetsTopic(container("connect"))).toBeUndefined();
  const idle = slot({ active: false, confirmedBytes: 2000 });
  expect(notedFindings(idle, null)).toEqual([]);
  expect(notedFindings(idle, 2000)).toEqual([]);
  expect(told(notedFindings(idle, 1000))).toEqual([
    "warning cdc_dev_customer_cdc: begins 1000 bytes after what Kafka Connect noted last as read. If it was killed while it " +
      "wrote, they are in Kafka; if somebody moved the slot, they are lost once it is started",
  ]);
});

test("a handler that does not get on is told with its place", () => {
  const partition = { topic: "cdctest.public.customers", partition: 0, records: 9, behind: 2, committed: "7" };
  expect(told(standstillFindings([partition]))).toEqual([
    "warning cdctest.public.customers: the handler has been at offset 7 of partition 0 for more than 2.5 s, with " +
      "2 records to do: it is slow, or waits for something → npm run logs -- consumer",
  ]);
});

test("the screen has the machine first, and each part once", () => {
  const further = [diskFinding(64 * GB), ...imageFindings([{ image: "cdc/kafka:1", taken: NOW, containers: [] }], NOW)];
  const lines = screen("cdc-dev", findingsOf(stackLook(), further), plain).split("\n");
  const headings = lines.map((line) => line.slice(0, 16).trim()).filter(Boolean);
  expect(headings).toEqual([
    ...["Machine", "Containers", "Database", "Replication slot", "Connector", "Topics", "Consumer"],
    "cdc-dev is well.",
  ]);
  expect(lines.slice(0, 2).map((line) => line.replace(/ +/g, " "))).toEqual([
    "Machine ✓ disk 64 GB free",
    " ✓ cdc/kafka:1 packages of 0 s ago",
  ]);
});

test("as a command: help, and a wrong option in one sentence with 2", async () => {
  const run = async (...args: string[]) => {
    const child = spawn(process.execPath, ["toolchain/look.mjs", "doctor", ...args]);
    const said = { out: "", err: "" };
    child.stdout.on("data", (data) => (said.out += String(data)));
    child.stderr.on("data", (data) => (said.err += String(data)));
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return { code, ...said };
  };
  expect(await run("--help")).toEqual({
    code: 0,
    err: "",
    out: expect.stringContaining("npm run doctor -- [options]"),
  });
  expect(await run("now")).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringMatching(/^Unexpected argument 'now'/),
  });
});
