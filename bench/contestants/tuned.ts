import { Kafka, logLevel } from "kafkajs";
import { waitFor } from "../machine/wait";
import { captureByHand, withoutNotes } from "./capture-by-hand";
import { ComposeContestant } from "./compose-contestant";
import { composeFile } from "./compose-file";
import { ConnectRest } from "./connect-rest";
import { type Endpoints, endpointsAt } from "./contestant";
import { captureOf, connectorOf, type DeclaredTopic, topicsOf } from "./declared-resources";
import type { Applied, Model } from "./model";

/** Our containers and settings, started by compose and a script. It shows what the same costs without Pulumi. */
export class Tuned extends ComposeContestant {
  private applied: Applied | undefined;

  constructor(
    compose: string[],
    private readonly model: Model,
    signal?: AbortSignal,
  ) {
    super("tuned", compose, model.word, signal);
  }

  /** @param _tables ignored: it has those of the model */
  async prepare(_tables: string[]): Promise<Endpoints> {
    await this.remove();
    this.applied = await this.model.applied();
    const { file, uploads } = composeFile(this.applied.resources);
    this.project.write(file, uploads);
    return endpointsAt(this.applied.ports);
  }

  async up(): Promise<void> {
    await Promise.all([this.project.up(), this.script()]);
  }

  /** Does as little as possible for the same result as the program's last three resources: role and publication, topics, connector. */
  private async script(): Promise<void> {
    const { ports, resources } = this.applied!;
    const { name, config, token } = connectorOf(resources);
    await Promise.all([
      captureByHand(captureOf(resources), this.signal),
      createTopics(`127.0.0.1:${ports.kafkaPort}`, topicsOf(resources), this.signal),
    ]);
    await new ConnectRest(endpointsAt(ports).connectUrl, this.signal, token).create(name, withoutNotes(config));
  }

  override connectToken(): Promise<string> {
    return Promise.resolve(connectorOf(this.applied!.resources).token);
  }
}

async function createTopics(broker: string, topics: DeclaredTopic[], signal?: AbortSignal): Promise<void> {
  const kafka = new Kafka({
    brokers: [broker],
    // The wait reports failures.
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2000,
    retry: { retries: 0 },
  });
  await waitFor<void>(
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
