import { captureProvider } from "../../components/capture/capture-provider";
import { poll } from "../../components/poll";
import { quietKafka } from "../../consumer/kafka/quiet-kafka";
import { freeStackPorts, type StackPorts } from "../../commands/processes/free-ports";
import { ComposeContestant } from "./compose-contestant";
import { composeFile } from "./compose-file";
import { ConnectRest } from "./connect-rest";
import { type Endpoints, endpointsAt } from "./contestant";
import { captureOf, connectorOf, type DeclaredTopic, topicsOf } from "./declared-resources";
import { writeInitFolder } from "../../commands/stack/init-folder";
import { initSql } from "./init-sql";
import { type Declared, declaredBy } from "./declared-program";

/** Our containers and settings, started by compose and a script: what the same costs without Pulumi. */
export class Tuned extends ComposeContestant {
  private declared: Declared[] = [];
  private ports: StackPorts | undefined;

  constructor(compose: string[], signal?: AbortSignal) {
    super("tuned", compose, signal);
  }

  async prepare(tables: string[]): Promise<Endpoints> {
    await this.remove();
    const initFolder = writeInitFolder("dist/bench/tuned-init", initSql(tables, "full"));
    this.ports = await freeStackPorts();
    this.declared = await declaredBy("bench", { ...this.ports, tables: tables.join(","), initFolder });
    const { file, uploads } = composeFile(this.declared);
    this.project.write(file, uploads);
    return endpointsAt(this.ports);
  }

  async up(): Promise<void> {
    await Promise.all([this.project.up(), this.script()]);
  }

  /** The least that brings about what the program's last three resources do: role and publication, topics, connector. */
  private async script(): Promise<void> {
    const { name, config, token } = connectorOf(this.declared);
    await Promise.all([
      captureProvider.create(captureOf(this.declared)),
      createTopics(`127.0.0.1:${this.ports!.kafkaPort}`, topicsOf(this.declared), this.signal),
    ]);
    await new ConnectRest(endpointsAt(this.ports!).connectUrl, this.signal, token).create(name, config);
  }

  override connectToken(): Promise<string> {
    return Promise.resolve(connectorOf(this.declared).token);
  }
}

async function createTopics(broker: string, topics: DeclaredTopic[], signal?: AbortSignal): Promise<void> {
  const kafka = quietKafka({
    brokers: [broker],
    connectionTimeout: 2000,
    retry: { retries: 0 },
  });
  await poll<void>(
    async () => {
      signal?.throwIfAborted();
      const admin = kafka.admin();
      try {
        await admin.connect();
        await admin.createTopics({
          topics: topics.map(({ name, partitions, replicationFactor, config }) => ({
            topic: name,
            numPartitions: partitions,
            replicationFactor,
            configEntries: Object.entries(config ?? {}).map(([key, value]) => ({ name: key, value })),
          })),
        });
        return { done: true, value: undefined };
      } catch (error) {
        return { done: false, seen: (error as Error).message };
      } finally {
        await admin.disconnect().catch(() => undefined);
      }
    },
    { what: `the broker at ${broker} to make the topics`, deadlineMs: 120_000, intervalMs: 50 },
  );
}
