import axios from "axios";
import { type Admin, Kafka, logLevel } from "kafkajs";
import type { Client } from "pg";
import type { StackOutputs } from "../../../commands/stack/stack-outputs";
import { poll, type Probe } from "../../../components/poll";
import type { ChangeJson, ChangesJson, HealthJson, RowsJson, StatusJson } from "../../../consumer/api";
import { busyStay } from "../../../consumer/kafka/group/assigner";
import { clientsOf } from "../../support/stack/clients";
import { metricIn } from "../../support/stack/metric";
import { docker, TestStack } from "../../support/stack";

const TOPIC_PREFIX = "cdctest";
const GROUP = "cdc-consumer";

/** A stack of a test's own, with questions to its consumer. */
export class Rig {
  readonly stack: TestStack;
  readonly container: string;
  readonly broker: string;
  outputs!: StackOutputs;
  database!: Client;
  kafka!: Kafka;
  private admin!: Admin;

  constructor(
    purpose: string,
    private readonly settings: Record<string, string>,
  ) {
    this.stack = new TestStack(purpose);
    this.container = `${this.stack.prefix}-consumer`;
    this.broker = `${this.stack.prefix}-kafka`;
  }

  async start(): Promise<void> {
    await this.create();
    await this.up();
  }

  /** Makes the stack and its settings, for tests that change more settings before the `up`. */
  async create(): Promise<void> {
    await this.stack.create(this.settings);
  }

  async up(): Promise<void> {
    await this.stack.up();
    const { outputs, client } = await clientsOf(this.stack);
    this.outputs = outputs;
    this.database = client;
    this.kafka = new Kafka({ brokers: [this.outputs.bootstrapServers], logLevel: logLevel.NOTHING });
    this.admin = this.kafka.admin();
    await this.admin.connect();
  }

  async remove(): Promise<void> {
    await this.admin?.disconnect();
    await this.database?.end();
    await this.stack.remove();
  }

  /** Variables by which the CLI and `npm run` use this stack. */
  get environment(): Record<string, string> {
    return this.stack.environment;
  }

  topicOf(table: string): string {
    return `${TOPIC_PREFIX}.${table}`;
  }

  /** The newest 1,000 changes of a table in the consumer's memory, oldest first, once `enough` gives true. */
  until(table: string, enough: (changes: ChangeJson[]) => boolean): Promise<ChangeJson[]> {
    return this.wait(`the changes of ${table}`, async () => {
      const { changes } = await this.get<ChangesJson>("/changes", { table, limit: 1000 });
      if (enough(changes)) return { done: true, value: changes };
      return { done: false, seen: `${changes.length} changes, the last ${JSON.stringify(changes.at(-1))}` };
    });
  }

  /** The answer of `/rows` for a table. */
  rows(table: string, limit: number): Promise<RowsJson> {
    return this.get<RowsJson>("/rows", { table, limit });
  }

  /** The sum of all samples of a metric that have these labels. */
  async metric(name: string, labels: Record<string, string> = {}): Promise<number> {
    return metricIn(await this.get<string>("/metrics"), name, labels);
  }

  /** Waits until the running process has handled so many changes of a table. */
  handled(table: string, atLeast: number): Promise<number> {
    return this.wait(`${atLeast} changes of ${table} to be handled`, async () => {
      const count = await this.metric("cdc_changes_total", { table });
      return count >= atLeast ? { done: true, value: count } : { done: false, seen: `${count} handled` };
    });
  }

  /** Waits until so many clients read `/events`. */
  followed(clients: number): Promise<void> {
    return this.wait(`${clients} readers of the feed`, async () => {
      const count = await this.metric("cdc_feed_clients");
      return count >= clients ? { done: true, value: undefined } : { done: false, seen: `${count}` };
    });
  }

  /** Waits until the process holds fewer bytes of memory. It asks seldom, because each answer makes garbage. */
  holds(below: number): Promise<number> {
    const look = async (): Promise<Probe<number>> => {
      const held = await this.metric("process_resident_memory_bytes");
      return held < below ? { done: true, value: held } : { done: false, seen: `${held} bytes` };
    };
    return this.wait(`the consumer to hold fewer than ${below} bytes`, look, 2_000);
  }

  /** The consumer's partitions, once it reads. */
  healthy(): Promise<string[]> {
    return this.wait("the consumer to be in its group", async () => {
      const { status, reason, partitions } = await this.get<HealthJson>("/healthz");
      return status === "ok" ? { done: true, value: partitions } : { done: false, seen: reason };
    });
  }

  /** Waits until `/healthz` is 503 for this reason. */
  unhealthy(why: string): Promise<void> {
    return this.wait(`the consumer to say "${why}"`, async () => {
      const { status, reason } = await this.get<HealthJson>("/healthz");
      const found = status === "unavailable" && reason.includes(why);
      return found ? { done: true, value: undefined } : { done: false, seen: `${status}: ${reason}` };
    });
  }

  /** The consumer's partitions, once there are `count`. */
  partitions(count: number): Promise<string[]> {
    return this.wait(`the consumer to have ${count} partitions`, async () => {
      const { partitions } = await this.get<HealthJson>("/healthz");
      return partitions.length === count
        ? { done: true, value: partitions }
        : { done: false, seen: partitions.join(", ") };
    });
  }

  /** The answer of `/status`, once `wanted` gives true. */
  status(what: string, wanted: (status: StatusJson) => boolean): Promise<StatusJson> {
    return this.wait(what, async () => {
      const status = await this.get<StatusJson>("/status");
      return wanted(status) ? { done: true, value: status } : { done: false, seen: JSON.stringify(status) };
    });
  }

  /** The group's committed offset in a table's topic. */
  async committed(table: string, groupId = GROUP): Promise<number> {
    const [topic] = await this.admin.fetchOffsets({ groupId, topics: [this.topicOf(table)] });
    return Number(topic!.partitions[0]!.offset);
  }

  /** Waits until the group has committed this offset or a later one. */
  committedUpTo(table: string, offset: number, groupId = GROUP): Promise<void> {
    return this.wait(`offset ${offset} of ${table} to be committed`, async () => {
      const committed = await this.committed(table, groupId);
      return committed >= offset ? { done: true, value: undefined } : { done: false, seen: `${committed}` };
    });
  }

  /** Waits until a table's topic holds records up to this offset. */
  ends(table: string, offset: number): Promise<void> {
    return this.wait(`${table} to have ${offset} records`, async () => {
      const [partition] = await this.admin.fetchTopicOffsets(this.topicOf(table));
      const { high } = partition!;
      return Number(high) >= offset ? { done: true, value: undefined } : { done: false, seen: high };
    });
  }

  /** Adds a member to the consumer's group, which reads none of its partitions. */
  async otherMember(): Promise<{ partitions: string[]; leave: () => Promise<void> }> {
    const nothing = () => ({ busy: [], late: false });
    const options = { groupId: GROUP, maxWaitTimeInMs: 100, partitionAssigners: [busyStay(nothing)] };
    const consumer = this.kafka.consumer(options);
    const joined = new Promise<{ [topic: string]: number[] }>((resolve) =>
      consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => resolve(payload.memberAssignment)),
    );
    await consumer.connect();
    await consumer.subscribe({
      topics: (await this.admin.listTopics()).filter((topic) => /\.public\.|\.message$|-retry$/.test(topic)),
    });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: () => Promise.resolve() });
    const partitions = Object.entries(await joined).flatMap(([topic, all]) => all.map((one) => `${topic}/${one}`));
    return { partitions, leave: () => consumer.disconnect() };
  }

  async members(): Promise<number> {
    const { groups } = await this.admin.describeGroups([GROUP]);
    return groups[0]!.members.length;
  }

  /**
   * The changes of a table that a container printed, by default the consumer's: a list for each run of the process that printed any.
   *
   * @param last only the last lines of the log
   */
  async printed(table: string, last = Infinity, container = this.container): Promise<ChangeJson[][]> {
    const tail = Number.isFinite(last) ? ["--tail", String(last)] : [];
    const lines = (await docker("logs", ...tail, container)).split("\n").flatMap(changeOf);
    const lives: ChangeJson[][] = [];
    let lastId = Infinity;
    for (const change of lines) {
      // Each run of the process numbers its changes from 1.
      if (change.id <= lastId) lives.push([]);
      lastId = change.id;
      if (change.table === table) lives.at(-1)!.push(change);
    }
    return lives.filter((changes) => changes.length > 0);
  }

  /** The same, once a record is among them: the engine gets it from the process a moment later. */
  printedUpTo(table: string, offset: number): Promise<ChangeJson[][]> {
    return this.wait(`offset ${offset} of ${table} in the log`, async () => {
      const lives = await this.printed(table);
      const last = lives.at(-1)?.at(-1)?.offset;
      return Number(last) >= offset ? { done: true, value: lives } : { done: false, seen: `offset ${last}` };
    });
  }

  /** Waits also while the consumer is down. */
  private wait<T>(what: string, look: () => Promise<Probe<T>>, intervalMs = 20): Promise<T> {
    const probe = () =>
      look().catch((error: Error): Probe<T> => {
        if (!axios.isAxiosError(error)) throw error;
        return { done: false, seen: error.message };
      });
    return poll(probe, { what, deadlineMs: 60_000, intervalMs });
  }

  private async get<T>(path: string, params: Record<string, string | number> = {}): Promise<T> {
    const options = { params, proxy: false as const, timeout: 5_000, validateStatus: () => true };
    return (await axios.get<T>(this.outputs.feedUrl + path, options)).data;
  }
}

/** The change in a line; none in the consumer's lines about itself, and in a line that a kill cut off. */
function changeOf(line: string): ChangeJson[] {
  try {
    const parsed = JSON.parse(line) as ChangeJson;
    return parsed.id === undefined ? [] : [parsed];
  } catch {
    return [];
  }
}
