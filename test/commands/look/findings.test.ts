import { describe, expect, test } from "@jest/globals";
import { isHealthy } from "../../../commands/look/finding";
import { findingsOf } from "../../../commands/look/findings";
import type { HealthJson } from "../../../consumer/api";
import type { StackLook } from "../../../commands/look/stack-look";
import {
  bad,
  broker,
  connector,
  container,
  containers,
  database,
  failed,
  slot,
  stackLook,
} from "../../support/fakes/stack-look";

test("a healthy stack has nothing bad, and says how each part is", () => {
  const findings = findingsOf(stackLook());
  expect(isHealthy(findings)).toBe(true);
  expect(findings.map(({ about, mark, text }) => `${mark} ${about}: ${text}`)).toEqual([
    "good postgres: running for 10 min, healthy",
    "good zookeeper: running for 10 min, healthy",
    "good kafka: running for 10 min, healthy",
    "good connect: running for 10 min, healthy",
    "good consumer: running for 10 min, healthy",
    "good 127.0.0.1:55432: PostgreSQL 17.10, wal_level logical",
    "good cdc_dev_customer_cdc: Postgres keeps 2 kB of log of 4 GB at most (reserved), confirmed 0/15B90A0, 112 bytes behind",
    "good customer-cdc: connector RUNNING, task 0 RUNNING",
    "good cdc_dev_customer_cdc: read by Debezium Streaming",
    "good cdctest.public.customers: all records handled; 5 changes since its start, half within 5.0 ms, 99 % within 25 ms",
    "good cdctest.dead-letters: no dead letters",
    "good http://localhost:8088: consuming 1 partition",
    expect.stringMatching(
      /^good last change: \d\d:59:00\.000 \(60 s ago\), create public\.customers 5, 5\.3 ms from the commit$/,
    ),
  ]);
});

test("several brokers and consumers are each reported; one that is down is named, and the others' answers still count", () => {
  const down = container("kafka", { role: "kafka-2", name: "cdc-dev-kafka-2", state: "exited", exitCode: 137 });
  const second = container("consumer", { role: "consumer-2", name: "cdc-dev-consumer-2", ports: { 8088: 8089 } });
  const health: HealthJson = {
    status: "ok",
    reason: "consuming",
    epoch: "f",
    partitions: ["cdctest.public.customers/1"],
    losses: ["topic cdctest.public.customers was deleted in Kafka: its records are gone"],
  };
  const look = {
    ...stackLook({ containers: [...containers({}), down, second] }),
    furtherConsumers: [
      {
        container: second,
        look: {
          ok: true as const,
          value: { health, last: null, lag: { "public.customers": { changes: 2, halfMs: 50, mostMs: 50 } } },
        },
      },
    ],
  };
  expect(bad(look)).toEqual([
    "kafka-2: stopped → docker start cdc-dev-kafka-2",
    expect.stringContaining("topic cdctest.public.customers was deleted in Kafka: its records are gone"),
  ]);
  const said = findingsOf(look).map(({ about, text }) => `${about}: ${text}`);
  expect(said).toContain("http://localhost:8089: consuming 1 partition");
  expect(said).toContain(
    "cdctest.public.customers: all records handled; 7 changes since its start, half within 50 ms, 99 % within 50 ms",
  );
});

describe("with another consumer than the project's", () => {
  const labels = (consumer: string) => ({ "cdc.consumer": consumer, "cdc.connector": "customer-cdc" });
  const about = (look: StackLook) => findingsOf(look).map(({ mark, about }) => `${mark} ${about}`);

  test("a consumer of the user's own is not asked: its container and the group's committed offsets show its state", () => {
    const look = stackLook({ containers: containers({ connect: { labels: labels("own") } }), consumer: "not asked" });
    expect(isHealthy(findingsOf(look))).toBe(true);
    expect(about(look)).toContain("good consumer");
    expect(about(look)).toContain("good cdctest.public.customers");
  });

  test("in a stack without a consumer, none is missing", () => {
    const changes = { connect: { labels: labels("none") }, consumer: { state: "missing", environment: {} } } as const;
    const look = stackLook({ containers: containers(changes), consumer: "its container is missing" });
    expect(isHealthy(findingsOf(look))).toBe(true);
    expect(about(look)).toContain("good customer-cdc");
    expect(about(look).filter((line) => line.includes("consumer"))).toEqual([]);
  });

  test("in a stack without a consumer, a topic that somebody has deleted is missing all the same", () => {
    const changes = { connect: { labels: labels("none") }, consumer: { state: "missing", environment: {} } } as const;
    const lacking = { containers: containers(changes), broker: { topics: [], partitions: [] } };
    expect(bad(stackLook({ ...lacking, consumer: "its container is missing" }))).toEqual([
      "cdctest.public.customers: there is no such topic → npm start",
    ]);
  });
});

test("findings that follow from a bad part are marked as such", () => {
  const look = stackLook({
    database: database(),
    connectors: [failed("org.postgresql.util.PSQLException: replication slot does not exist")],
  });
  expect(findingsOf(look).flatMap(({ mark, about }) => (mark === "follows" ? [about] : []))).toEqual(["customer-cdc"]);
});

test("a killed worker may have confirmed more than it wrote as offset; it goes on from the offset", () => {
  const look = stackLook({ database: database(slot({ active: false, reader: "", confirmedBytes: 22779016 })) });
  expect(bad(look)).toEqual([expect.stringMatching(/^cdc_dev_customer_cdc: nobody reads it/)]);
});

test("what was started a moment ago is given time", () => {
  const connect = { health: "starting", startedAt: "2026-01-02T11:59:50Z" } as const;
  const look = stackLook({ containers: containers({ connect }), connectors: "ECONNRESET" });
  expect(bad(look)).toEqual([]);
  expect(findingsOf(look).find(({ mark }) => mark === "warning")?.text).toBe(
    "Kafka Connect does not answer yet, its container has just been started: ECONNRESET",
  );
});

test("a slot that a snapshot has not come to yet is no trouble", () => {
  const look = stackLook({
    database: database(slot({ active: false, reader: "" })),
    connectors: [connector({ snapshot: "running" })],
  });
  expect(bad(look)).toEqual([]);
});

test("waiting changes and dead letters are reported, and are not bad", () => {
  const topic = "cdctest.public.customers";
  const waiting = findingsOf(stackLook({ broker: broker({ topic, behind: 1200 }) }));
  expect(waiting.find(({ about }) => about === topic)).toMatchObject({ mark: "note", text: /^1,200 records behind/ });
  const connect = { environment: { PROPERTIES: "a=1\nexactly.once.source.support=enabled\nb=2\n" } };
  const inTransactions = findingsOf(
    stackLook({ broker: broker({ topic, behind: 1200 }), containers: containers({ connect }) }),
  );
  expect(inTransactions.find(({ about }) => about === topic)?.text).toMatch(/^at most 1,200 records behind/);
  // A stack that had exactlyOnce once, or a worker of somebody else's: Kafka's own topic of transactions stays.
  const looked = broker({ topic, behind: 1200 });
  const once = findingsOf(stackLook({ broker: { ...looked, topics: [...looked.topics, "__transaction_state"] } }));
  expect(once.find(({ about }) => about === topic)?.text).toMatch(/^at most 1,200 records behind/);
  const dead = findingsOf(stackLook({ broker: broker({ topic: "cdctest.dead-letters", records: 1 }) }));
  expect(dead.find(({ about }) => about === "cdctest.dead-letters")).toMatchObject({
    mark: "warning",
    text: "1 dead letter: changes that could not be handled",
    remedy: "npm run dead-letters",
  });
});

test("topics by transforms, which the consumer reads as soon as they exist, have a finding too", () => {
  const { topics, partitions } = broker({ topic: "cdctest.dead-letters" });
  const routed = { topic: "outbox.event.order", partition: 0, records: 9, behind: 3, committed: "6" };
  const environment = { ...container("consumer").environment, KAFKA_FURTHER_TOPICS: "outbox.event.*, none" };
  const found = findingsOf(
    stackLook({
      broker: { topics: [...topics, routed.topic, "outbox.other"], partitions: [...partitions, routed] },
      containers: containers({ consumer: { environment } }),
    }),
  );
  expect(found.find(({ about }) => about === routed.topic)).toMatchObject({ mark: "note", text: "3 records behind" });
  expect(found.filter(({ about }) => about === "none" || about === "outbox.other")).toEqual([]);
});

test("dead letters that were sent back no longer wait; their topic is reported only while it is read or missing", () => {
  const looked = (records: number, behind: number, waitingLetters?: number) => {
    const { topics, partitions } = broker({ topic: "cdctest.dead-letters", records: 3 });
    const retry = { topic: "cdctest.dead-letters-retry", partition: 0, records, behind, committed: "0" };
    const own = partitions.map((each) => (each.topic === retry.topic ? retry : each));
    return findingsOf(
      stackLook({ broker: { topics, partitions: own, ...(waitingLetters !== undefined && { waitingLetters }) } }),
    )
      .filter(({ about }) => about.includes("dead-letters"))
      .map(({ mark, about, text }) => `${mark} ${about}: ${text}`);
  };
  expect(looked(1, 0)).toEqual(["warning cdctest.dead-letters: 2 dead letters: changes that could not be handled"]);
  // The marks are of letters that are gone.
  expect(looked(3, 0, 3)).toEqual(["warning cdctest.dead-letters: 3 dead letters: changes that could not be handled"]);
  expect(looked(3, 2)).toEqual([
    "good cdctest.dead-letters: 3 dead letters, all sent back",
    "note cdctest.dead-letters-retry: 2 records behind",
  ]);
  const gone = stackLook({ broker: { topics: ["cdctest.dead-letters", "cdctest.public.customers"], partitions: [] } });
  expect(findingsOf(gone)).toContainEqual(
    expect.objectContaining({ mark: "bad", about: "cdctest.dead-letters-retry", text: "there is no such topic" }),
  );
});

test("a connector posted by hand is reported; one that waits for topics is stuck, whatever its state is", () => {
  const config = {
    "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
    "slot.name": "by_hand",
    "topic.prefix": "dbserver1",
    "table.include.list": "inventory.customers",
  };
  const look = stackLook({
    connectors: [connector(), connector({ name: "inventory-connector", config })],
    database: database(slot(), slot({ name: "by_hand" }), slot({ name: "left", active: false, keptBytes: 1048576 })),
  });
  expect(bad(look)).toEqual([
    "connector inventory-connector: connector RUNNING, task 0 RUNNING, and yet it stands still: there is no topic " +
      "dbserver1.inventory.customers, and its config has no topic.creation.default.* by which Connect would make it → " +
      'curl -sS -X PATCH -H "Authorization: Bearer $(npm run -s pulumi -- stack output --show-secrets connectToken)" ' +
      '-H "Content-Type: application/json" http://127.0.0.1:8083/connectors/inventory-connector/config ' +
      `-d '{"topic.creation.default.partitions":1,"topic.creation.default.replication.factor":1}'`,
  ]);
  expect(findingsOf(look).find(({ about }) => about === "slot left")).toMatchObject({
    mark: "warning",
    text: expect.stringMatching(/^nobody reads it, and Postgres keeps 1 MB of log for it\. /),
  });
});

describe("a slot that none of the stack's connectors reads", () => {
  const found = (changes: Parameters<typeof slot>[0]) => {
    const other = slot({ name: "other", active: false, reader: "", keptBytes: 1048576, ...changes });
    const [finding] = findingsOf(stackLook({ database: database(slot(), other) })).filter(
      ({ about }) => about === `slot ${other.name}`,
    );
    return finding;
  };
  const drop = `docker exec cdc-dev-postgres psql -U cdctest -d cdctest -c "SELECT pg_drop_replication_slot('other')"`;

  test("has no command as remedy: its text says what a drop loses, and whose it may be", () => {
    expect(found({ database: "shop" })).toEqual({
      ...{ part: "others", about: "slot other", mark: "warning" },
      text:
        "nobody reads it, and Postgres keeps 1 MB of log for it. It may be that of another stack, or of another program on database shop, " +
        `which loses the changes since 0/15B90A0 when it is dropped. Only if nobody needs them: ${drop}`,
    });
    expect(found({ database: null, confirmed: null })).toEqual({
      ...{ part: "others", about: "slot other", mark: "warning" },
      text:
        "nobody reads it, and Postgres keeps 1 MB of log for it. It may be that of a standby or of a backup, which cannot go on when it is dropped. " +
        `Only if nobody needs it: ${drop}`,
    });
  });

  test.each(["cdc_anew_0f3e2a91_15b90a0", "cdc_anew_0f3e2a91_15b90a0_deleted"])(
    "is never dropped where it is Kafka Connect's note of changes that nobody has been told of yet: %s",
    (name) => {
      expect(found({ name, database: null, confirmed: null, keptBytes: 0 })).toEqual({
        ...{ part: "others", about: `slot ${name}`, mark: "note" },
        text:
          "it keeps no log: with it a connector notes from where on changes are lost to it, until it has told the consumer. It removes the note itself; " +
          "without the note the loss would never be told",
      });
      // A slot of somebody's own that only begins like a note is none.
      expect(found({ name, keptBytes: 4096 })).toMatchObject({ mark: "warning" });
    },
  );
});

test("a table that is no longer what was captured is named, with what mends it", () => {
  const changedTables = [{ table: "public.orders", what: "rekeyed", was: "id", now: "" } as const];
  expect(bad(stackLook({ database: { ...database(slot()), changedTables } }))).toEqual([
    "public.orders: the key of public.orders was (id) and is none: records around that moment may have either or none: " +
      "`npm start` reads its rows again → npm start",
  ]);
});

test("a capture without its notes is reported", () => {
  expect(bad(stackLook({ database: { ...database(slot()), unnoted: ["debezium"] } }))).toEqual([
    "publication debezium: the capture's table `captured` is missing or of another version, so nothing warns when captured tables are altered, and " +
      "Postgres keeps its log while only other tables are written → npm start",
  ]);
});

test("a stack without a container of its own is up: all parts are somebody else's, and it has no consumer", () => {
  const all = containers({ connect: { labels: { "cdc.consumer": "none" } } });
  const elsewhere = all.map(
    (each) => ({ ...each, state: each.service === "consumer" ? "missing" : "elsewhere" }) as const,
  );
  expect(bad(stackLook({ containers: elsewhere, consumer: "it is not the project's own consumer" }))).toEqual([]);
});
