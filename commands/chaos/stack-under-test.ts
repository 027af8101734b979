/** The stack to which the faults are done, and questions about its state. */
import { writeFileSync } from "node:fs";
import { replicationName } from "../../components/capture/object-names";
import type { SourceDatabase } from "../../components/connector/connector-types";
import { indexes, memberPort, memberRole } from "../../components/cluster/members";
import { consumerHealth } from "../../components/consumer-health";
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
import type { Disks, Place } from "./faults/fault";
import { INIT_SQL, PREFIX, TABLES } from "./chaos-tables";
import { HandlerNotes } from "./handler-notes";
import { toldBy } from "./reckon/topic-versions";
import type { ToldVersion } from "./reckon/reckon";
import { CutDisks } from "./tools/cut-disks";
import { signal } from "./tools/signal";
import { SmallDisks } from "./tools/small-disks";
import { poll } from "../../components/poll";
import { TAKE_OVER_VARIABLE } from "../../components/preflight/take-over-way";

/** Pulumi.yaml's defaults. */
const CONNECTOR = "customer-cdc";
const ROLE = "debezium";
const DATABASE = { host: "127.0.0.1", database: "cdctest", user: "cdctest", password: "cdctest" };

/** Services of which `--cluster` has several. There is one consumer, whose calls are counted. */
const CLUSTER: Partial<Record<Service, number>> = { kafka: 3, connect: 2 };

export interface StackKind {
  purpose: string;
  coordination: Coordination;
  exactlyOnce: boolean;
  cluster: boolean;
  /** Further settings. */
  set: Readonly<Record<string, string>>;
  /** The kind of its disks, for faults of disks. */
  disks?: Disks;
  engineRestart?: string;
}

export class StackUnderTest {
  readonly stack: SeparateStack;
  /** Versions in topics that were lost later, a list for each time. */
  readonly kept: ToldVersion[][] = [];
  /** The same of the dead letters. */
  readonly keptLetters: ToldVersion[][] = [];
  readonly notes: HandlerNotes;
  private readonly small: SmallDisks;
  private readonly cut: CutDisks;
  private ports: StackPorts | undefined;

  constructor(
    private readonly kind: StackKind,
    private readonly folder: string,
    signal: AbortSignal,
  ) {
    this.notes = new HandlerNotes(folder, (into) => this.copyNotes(into));
    this.stack = new SeparateStack(kind.purpose, signal);
    // Its volumes exist before the stack.
    if (kind.disks) this.stack.further = { [TAKE_OVER_VARIABLE]: this.stack.prefix };
    this.small = new SmallDisks(this.stack.prefix, this.stack.label);
    this.cut = new CutDisks(this.stack.prefix, this.stack.label);
  }

  async up(): Promise<void> {
    this.ports = await this.stack.create({
      coordination: this.kind.coordination,
      ...(this.kind.cluster && { brokers: String(CLUSTER.kafka), connectWorkers: String(CLUSTER.connect) }),
      tables: TABLES.join(","),
      exactlyOnce: String(this.kind.exactlyOnce),
      initFolder: writeInitFolder(`${this.folder}/init`, INIT_SQL),
      handler: "commands/chaos/noting-handler.ts",
      ...this.kind.set,
    });
    if (this.kind.disks === "small") await this.small.make(this.volumes(["postgres", "kafka"]));
    if (this.kind.disks === "cut") await this.cut.make(this.volumes(this.written));
    await this.stack.up();
  }

  /** Services whose disks must not lose data. The consumer's is none of them: it has only the handler's notes for the run. */
  private get written(): Service[] {
    return servicesOf(this.kind.coordination).filter((service) => !["connect", "consumer"].includes(service));
  }

  /** Names of all containers of the services. */
  private named(services: readonly Service[]): string[] {
    return services.flatMap((service) =>
      indexes(this.count(service)).map((index) => `${this.stack.prefix}-${memberRole(service, index)}`),
    );
  }

  private volumes(services: readonly Service[]): string[] {
    return this.named(services).map(volumeOf);
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

  /** Names of all of them. */
  readonly containers = (): string[] => this.named(servicesOf(this.kind.coordination));

  private count(service: Service): number {
    return (this.kind.cluster && CLUSTER[service]) || 1;
  }

  /** @param turn number of the stroke, by which containers of a service are struck in turn */
  place(poison: Place["poison"], turn: () => number): Place {
    const { prefix } = this.stack;
    const container = (service: Service): string => this.named([service])[turn() % this.count(service)]!;
    const volume = (service: Service): string => volumeOf(container(service));
    return {
      container,
      containers: (service) => this.named([service]),
      volume,
      network: `${prefix}-net`,
      broker: this.broker,
      database: this.database,
      connectUrl: `http://127.0.0.1:${this.ports!.connectPort}`,
      connectToken: async () => (await this.stack.outputs()).connectToken,
      connectorName: CONNECTOR,
      slotName: replicationName(prefix, CONNECTOR),
      role: ROLE,
      start: () => this.started(),
      readAgain: async () => {
        await this.stack.pulumi("config", "set", "snapshotMode", "when_needed");
        await this.started();
        // The next loss is to be refused again.
        await this.stack.pulumi("config", "rm", "snapshotMode");
        await this.stack.up();
      },
      killedUp: (afterMs) => this.stack.killedUp(afterMs),
      poison,
      keepTold: async (topics) => void this.kept.push(await toldBy(this.broker, topics)),
      keepLetters: async () => void this.keptLetters.push(await toldBy(this.broker, [this.deadLetterTopic])),
      fillDisk: (service) => this.small.fill(volume(service)),
      freeDisk: (service) => this.small.free(volume(service)),
      cutPower: () => this.cutPower(),
      restartEngine: () => this.restartEngine(),
    };
  }

  /** The first thing that `npm run doctor` finds wrong; null when there is none. */
  async doctor(): Promise<string | null> {
    const args = ["toolchain/look.mjs", "doctor", "--stack", this.stack.name, "--json"];
    const env = { ...process.env, ...this.stack.environment };
    // The doctor ends with 1 when something is wrong. Its output is then in the error.
    const said = await runChild(process.execPath, args, { env }).catch((error: Error) => error.message);
    const { findings } = JSON.parse(said.slice(said.indexOf("{"), said.lastIndexOf("}") + 1)) as {
      findings: Pick<Finding, "about" | "mark" | "text">[];
    };
    const bad = findings.find(({ mark }) => mark === "bad");
    return bad === undefined ? null : `${bad.about}: ${bad.text}`;
  }

  private async cutPower(): Promise<void> {
    const containers = this.containers();
    // Stopped processes do not notice the cut, and nothing is restarted before all are dead, as on a machine that is off.
    await Promise.all(containers.map((container) => signal("STOP", container)));
    await this.cut.cut(this.volumes(this.written));
    await docker(["kill", ...containers], 60_000);
    await docker(["start", ...containers], 60_000);
  }

  private async restartEngine(): Promise<void> {
    await runChild("sh", ["-c", this.kind.engineRestart!]);
    await poll<void>(
      async () => {
        const said = await docker(["version", "--format", "{{.Server.Version}}"], 5000).then(
          () => undefined,
          (error: Error) => error.message,
        );
        return said === undefined ? { done: true, value: undefined } : { done: false, seen: said };
      },
      { what: "the engine to answer", deadlineMs: 120_000 },
    );
  }

  /** Why the consumer is not ok, or that it does not answer; null when it is ok. */
  async health(): Promise<string | null> {
    const answer = await this.healthz().catch((error: Error) => error.message);
    if (typeof answer === "string") return `no answer: ${answer}`;
    return answer.status === "ok" ? (answer.losses?.[0] ?? null) : answer.reason;
  }

  /** Losses that the consumer's `/healthz` reports; none when it does not answer. */
  async losses(): Promise<readonly string[]> {
    const health = await this.healthz().catch(() => undefined);
    return health?.losses ?? [];
  }

  private healthz(): Promise<HealthJson> {
    return consumerHealth(this.feedUrl, 1000);
  }

  private async copyNotes(into: string): Promise<void> {
    await docker(["cp", `${this.stack.prefix}-consumer:/var/lib/consumer/chaos-handled`, into], 60_000);
  }

  /** A consumer that is gone leaves no notes to copy. What it had handled since the copy before then counts as lost. */
  private async started(): Promise<void> {
    await this.notes.keep().catch(() => undefined);
    await this.stack.start();
  }

  /** Saves the containers' logs, in which a person can look for the reason of a result. */
  async saveLogs(): Promise<void> {
    for (const container of this.containers().filter((name) => !name.endsWith("-consumer"))) {
      const text = await docker(["logs", "--timestamps", container], 60_000);
      writeFileSync(`${this.folder}/${container.slice(this.stack.prefix.length + 1)}.log`, text);
    }
  }
}

/** The volume of a container that has one. */
function volumeOf(container: string): string {
  return `${container}-data`;
}
