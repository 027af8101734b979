/** The stack that the faults are done to, and what is asked of it. */
import { writeFileSync } from "node:fs";
import { replicationName } from "../../components/capture/object-names";
import type { SourceDatabase } from "../../components/connector/connector-types";
import { indexes, memberPort, memberRole } from "../../components/cluster/members";
import { docker } from "../../components/engine";
import type { Coordination } from "../../components/settings/coordination";
import { topicOf } from "../../components/names/topic-names";
import { writeInitFolder } from "../stack/init-folder";
import { runChild } from "../processes/child";
import type { StackPorts } from "../processes/free-ports";
import { type Service, servicesOf } from "../look/containers-look";
import type { Finding } from "../look/finding";
import type { HealthJson } from "../../consumer/api";
import { SeparateStack } from "../stack/separate-stack";
import type { Place } from "./faults/fault";
import { INIT_SQL, TABLES } from "./chaos-tables";

/** Pulumi.yaml's defaults. */
const CONNECTOR = "customer-cdc";
const PREFIX = "cdctest";
const ROLE = "debezium";
const DATABASE = { host: "127.0.0.1", database: "cdctest", user: "cdctest", password: "cdctest" };

/** What there is several of with `--cluster`. The consumer is one, whose calls are counted. */
const CLUSTER: Partial<Record<Service, number>> = { kafka: 3, connect: 2 };

export class StackUnderTest {
  readonly stack: SeparateStack;
  private ports: StackPorts | undefined;

  constructor(
    private readonly kind: { purpose: string; coordination: Coordination; exactlyOnce: boolean; cluster: boolean },
    private readonly folder: string,
    signal: AbortSignal,
  ) {
    this.stack = new SeparateStack(kind.purpose, signal);
  }

  async up(): Promise<void> {
    this.ports = await this.stack.create({
      coordination: this.kind.coordination,
      ...(this.kind.cluster && { brokers: String(CLUSTER.kafka), connectWorkers: String(CLUSTER.connect) }),
      tables: TABLES.join(","),
      exactlyOnce: String(this.kind.exactlyOnce),
      initFolder: writeInitFolder(`${this.folder}/init`, INIT_SQL),
      handler: "commands/chaos/noting-handler.ts",
    });
    await this.stack.up();
  }

  get database(): SourceDatabase {
    return { ...DATABASE, port: this.ports!.postgresPort };
  }

  get feedUrl(): string {
    return `http://127.0.0.1:${this.ports!.consumerPort}`;
  }

  get broker(): string {
    const { kafkaPort } = this.ports!;
    return indexes(this.count("kafka"))
      .map((index) => `127.0.0.1:${memberPort(kafkaPort, index)}`)
      .join(",");
  }

  readonly topics = TABLES.map((table) => topicOf(PREFIX, table));
  readonly deadLetterTopic = `${PREFIX}.dead-letters`;

  private count(service: Service): number {
    return (this.kind.cluster && CLUSTER[service]) || 1;
  }

  /** @param turn number of the stroke: of several containers they are struck in turn */
  place(poison: Place["poison"], turn: () => number): Place {
    const { prefix } = this.stack;
    const named = (service: Service, index: number): string => `${prefix}-${memberRole(service, index)}`;
    return {
      container: (service) => named(service, (turn() % this.count(service)) + 1),
      containers: (service) => indexes(this.count(service)).map((index) => named(service, index)),
      network: `${prefix}-net`,
      database: this.database,
      connectUrl: `http://127.0.0.1:${this.ports!.connectPort}`,
      connectToken: async () => (await this.stack.outputs()).connectToken,
      connectorName: CONNECTOR,
      slotName: replicationName(prefix, CONNECTOR),
      role: ROLE,
      start: async () => void (await this.stack.start()),
      readAgain: async () => {
        await this.stack.pulumi("config", "set", "snapshotMode", "when_needed");
        await this.stack.start();
        // The next loss is to be refused again.
        await this.stack.pulumi("config", "rm", "snapshotMode");
        await this.stack.up();
      },
      killedUp: (afterMs) => this.stack.killedUp(afterMs),
      poison,
    };
  }

  /** The first thing that `npm run doctor` finds wrong; null when there is none. */
  async doctor(): Promise<string | null> {
    const args = ["toolchain/look.mjs", "doctor", "--stack", this.stack.name, "--json"];
    const env = { ...process.env, ...this.stack.environment };
    // It ends with 1 when something is wrong, and then what it said is in the error.
    const said = await runChild(process.execPath, args, { env }).catch((error: Error) => error.message);
    const { findings } = JSON.parse(said.slice(said.indexOf("{"), said.lastIndexOf("}") + 1)) as {
      findings: Pick<Finding, "about" | "mark" | "text">[];
    };
    const bad = findings.find(({ mark }) => mark === "bad");
    return bad === undefined ? null : `${bad.about}: ${bad.text}`;
  }

  /** What the consumer's `/healthz` says of changes that are lost; none where it does not answer. */
  async losses(): Promise<readonly string[]> {
    const health = await fetch(`${this.feedUrl}/healthz`, { signal: AbortSignal.timeout(1000) })
      .then((response) => response.json() as Promise<Partial<HealthJson>>)
      .catch(() => undefined);
    return health?.losses ?? [];
  }

  /** What the handler noted of its calls. */
  async handled(into: string): Promise<void> {
    await docker(["cp", `${this.stack.prefix}-consumer:/var/lib/consumer/chaos-handled`, into], 60_000);
  }

  /** The containers' logs, for whoever looks for the reason of what came out. */
  async saveLogs(): Promise<void> {
    const services = servicesOf(this.kind.coordination).filter((service) => service !== "consumer");
    const roles = services.flatMap((service) =>
      indexes(this.count(service)).map((index) => memberRole(service, index)),
    );
    for (const role of roles) {
      const text = await docker(["logs", "--timestamps", `${this.stack.prefix}-${role}`], 60_000);
      writeFileSync(`${this.folder}/${role}.log`, text);
    }
  }
}
