import type { Answer } from "../../../commands/look/answer";
import { findingsOf } from "../../../commands/look/findings";
import type { BrokerLook } from "../../../components/preflight/broker-look";
import type { ConnectorLook } from "../../../commands/look/connectors-look";
import type { ConsumerLook } from "../../../commands/look/consumer-look";
import { type ContainerLook, SERVICES, type Service } from "../../../commands/look/containers-look";
import type { DatabaseLook, SlotLook } from "../../../commands/look/database-look";
import type { StackLook } from "../../../commands/look/stack-look";

/** 2026-01-02 12:00:00 UTC. */
export const NOW = Date.UTC(2026, 0, 2, 12);

const PORTS: Partial<Record<Service, Record<string, number>>> = {
  postgres: { 5432: 55432 },
  kafka: { 29092: 29092 },
  connect: { 8083: 8083 },
  consumer: { 8088: 8088 },
};

const ENVIRONMENTS: Partial<Record<Service, Record<string, string>>> = {
  postgres: {
    POSTGRES_USER: "cdctest",
    POSTGRES_DB: "cdctest",
    POSTGRES_PASSWORD_FILE: "/run/secrets/postgres-password",
    PGDATA: "/var/lib/postgresql/data/17",
  },
  consumer: {
    CONNECTOR_NAME: "customer-cdc",
    KAFKA_GROUP_ID: "cdc-consumer",
    KAFKA_TOPICS: "cdctest.public.customers",
    KAFKA_DEAD_LETTER_TOPIC: "cdctest.dead-letters",
    KAFKA_RETRY_TOPIC: "cdctest.dead-letters-retry",
  },
};

export function container(service: Service, changes: Partial<ContainerLook> = {}): ContainerLook {
  return {
    ...{
      service,
      role: service,
      name: `cdc-dev-${service}`,
      state: "running",
      health: "healthy",
      restarts: 0,
      exitCode: 0,
    },
    ...{
      startedAt: "2026-01-02T11:50:00Z",
      endedAt: null,
      outOfMemory: false,
      error: "",
      detached: false,
      image: "cdc/it:1",
    },
    ports: PORTS[service] ?? {},
    environment: ENVIRONMENTS[service] ?? {},
    labels: {},
    ...changes,
  };
}

export function slot(changes: Partial<SlotLook> = {}): SlotLook {
  return {
    ...{ name: "cdc_dev_customer_cdc", database: "cdctest", active: true, reader: "Debezium Streaming" },
    ...{ walStatus: "reserved", invalidation: null, keptBytes: 2048, safeBytes: 4294965248, behindBytes: 112 },
    ...{ confirmed: "0/15B90A0", confirmedBytes: 22778016 },
    ...changes,
  };
}

export function connector(changes: Partial<ConnectorLook> = {}): ConnectorLook {
  return {
    name: "customer-cdc",
    config: {
      "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
      "slot.name": "cdc_dev_customer_cdc",
      "topic.prefix": "cdctest",
      "table.include.list": "public.customers",
      "topic.creation.default.partitions": "1",
    },
    status: { connector: { state: "RUNNING" }, tasks: [{ id: 0, state: "RUNNING" }] },
    snapshot: "done",
    readBytes: 22778016,
    ...changes,
  };
}

export function failed(trace: string, changes: Partial<ConnectorLook> = {}): ConnectorLook {
  return connector({
    status: { connector: { state: "RUNNING" }, tasks: [{ id: 0, state: "FAILED", trace }] },
    ...changes,
  });
}

const BROKER: BrokerLook = {
  topics: ["cdctest.dead-letters", "cdctest.dead-letters-retry", "cdctest.public.customers"],
  partitions: [
    { topic: "cdctest.public.customers", partition: 0, records: 7, behind: 0, committed: "7" },
    { topic: "cdctest.dead-letters", partition: 0, records: 0, behind: 0, committed: "0" },
    { topic: "cdctest.dead-letters-retry", partition: 0, records: 0, behind: 0, committed: "0" },
  ],
};

const CONSUMER: ConsumerLook = {
  health: { status: "ok", reason: "consuming", epoch: "e", partitions: ["cdctest.public.customers/0"] },
  last: {
    ...{ op: "create", table: "public.customers", key: { id: 5 } },
    ...{ committedAt: "2026-01-02T11:59:00.000000Z", lagMs: 5.3 },
  },
  lag: { "public.customers": { changes: 5, halfMs: 5, mostMs: 25 } },
};

interface Parts {
  containers: ContainerLook[];
  database: DatabaseLook;
  connectors: ConnectorLook[];
  broker: BrokerLook;
  consumer: ConsumerLook;
}

/** A healthy stack with some parts as given. A string or an error is the reason for which a part does not answer. */
export function stackLook(changes: { [part in keyof Parts]?: Parts[part] | string | Error } = {}): StackLook {
  const parts: { [part in keyof Parts]: Parts[part] | string | Error } = {
    containers: SERVICES.map((service) => container(service)),
    database: {
      version: "17.10 (Debian)",
      walLevel: "logical",
      writtenBytes: 22778128,
      endsBytes: 22779200,
      slots: [slot()],
      open: [],
      changedTables: [],
      unnoted: [],
    },
    connectors: [connector()],
    broker: BROKER,
    consumer: CONSUMER,
    ...changes,
  };
  const answers = Object.entries(parts).map(([part, value]) => [part, answerOf(value)]);
  return {
    prefix: "cdc-dev",
    at: NOW,
    furtherConsumers: [],
    ...(Object.fromEntries(answers) as Omit<StackLook, "prefix" | "at" | "furtherConsumers">),
  };
}

function answerOf<T>(value: T | string | Error): Answer<T> {
  if (value instanceof Error) return { ok: false, reason: value.message, error: value };
  return typeof value === "string" ? { ok: false, reason: value } : { ok: true, value };
}

/** The five containers of a healthy stack, some of them changed. */
export function containers(changes: { [service in Service]?: Partial<ContainerLook> }): ContainerLook[] {
  return SERVICES.map((service) => container(service, changes[service]));
}

/** A healthy broker with one partition, changed as given. */
export function broker(changes: Partial<BrokerLook["partitions"][0]> & { topic: string }): BrokerLook {
  const partitions = BROKER.partitions.map((each) => (each.topic === changes.topic ? { ...each, ...changes } : each));
  return { ...BROKER, partitions };
}

/** The bad findings, without those that follow from others, in their order, as `about: text → remedy`. */
export function bad(look: StackLook): string[] {
  return findingsOf(look)
    .filter(({ mark }) => mark === "bad")
    .map(({ about, text, remedy }) => `${about}: ${text} → ${remedy}`);
}

/** A database that answers, with these slots. */
export function database(...slots: ReturnType<typeof slot>[]) {
  return {
    version: "17.10",
    walLevel: "logical",
    writtenBytes: 22778128,
    endsBytes: 22779200,
    slots,
    open: [],
    changedTables: [],
    unnoted: [],
  };
}
