/** The whole comparison of a stack. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { SourceDatabase } from "../../components/connector/types";
import { topicOf } from "../../components/topic-names";
import { withBroker } from "../look/broker";
import { lookAtConnectors } from "../look/connectors";
import { addressOf } from "../look/database";
import { declaredConnector } from "../look/findings";
import { brokerOf, containerOf, containersOf, urlOf } from "../look/look";
import { compare, type Comparison } from "./compare";
import { hashDatabase } from "./database-rows";
import { differencesOf } from "./differences";
import { awaitSlot, beginAt } from "./moment";
import type { VerifyOptions } from "./options";
import { readSpans, type Span, spansOf } from "./read-topics";
import type { TableResult } from "./result";
import { RowFile } from "./rows";
import { shapesOf, type TableShape } from "./table";
import { type TopicRecord, TopicRows } from "./topic-rows";
import { whichTables } from "./which-tables";

const ASK_MS = 5_000;

/** Where the parts of the stack are, and what its connector captures. */
interface Place {
  database: SourceDatabase;
  server: string;
  config: Record<string, string>;
}

export async function verify(options: VerifyOptions): Promise<TableResult[]> {
  const place = await placeOf(options.stack);
  const { config, server } = place;
  const folder = mkdtempSync(join(tmpdir(), "cdc-verify-"));
  const [reader, other] = [new Client(place.database), new Client(place.database)];
  try {
    await Promise.all([reader.connect(), other.connect()]);
    const published = await shapesOf(other, config["publication.name"]!);
    const { compared: shapes, unsent } = whichTables(published, config, options.tables);
    if (shapes.length === 0) return unsent;
    const moment = await beginAt(reader, shapes);
    await awaitSlot(other, config["slot.name"]!, moment, options.timeoutMs);
    const tables = shapes.map((shape) => new Table(shape, topicOf(config["topic.prefix"]!, shape.name), folder));
    const byTopic = new Map(
      tables.map((table) => [table.topic, new TopicRows(table.shape, moment, () => table.told())]),
    );
    const spans = await withBroker(server, ASK_MS, async (admin) => {
      const there = new Set(await admin.listTopics());
      return spansOf(
        admin,
        [...byTopic.keys()].filter((topic) => there.has(topic)),
      );
    });
    await readSpans(server, spans, (topic, record) => byTopic.get(topic)!.take(record));
    const results: TableResult[] = [];
    // One after the other: they share the snapshot, and so the connection.
    for (const table of tables) {
      const own = spans.filter(({ topic }) => topic === table.topic);
      results.push(await table.result(reader, byTopic.get(table.topic)!.key ?? [], own, server));
    }
    return [...results, ...unsent];
  } finally {
    await Promise.all([reader.end(), other.end()]).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One table, and the files of its two sides. */
class Table {
  private toldFile: RowFile | undefined;

  constructor(
    readonly shape: TableShape,
    readonly topic: string,
    private readonly folder: string,
  ) {}

  /** What the topic tells. */
  told(): RowFile {
    return (this.toldFile ??= this.file("topic"));
  }

  async result(client: Client, key: readonly number[], spans: readonly Span[], server: string): Promise<TableResult> {
    const held = this.file("database");
    await hashDatabase(client, this.shape, key, held);
    const comparison = compare(held, this.told(), key.length > 0);
    held.remove();
    this.told().remove();
    const again = (take: (record: TopicRecord) => void) => readSpans(server, spans, (_topic, record) => take(record));
    const differences =
      comparison.differing === 0 ? [] : await differencesOf(client, this.shape, key, comparison, again);
    const { rows, hash, differing } = comparison;
    const reason = differing === 0 ? null : this.reason(spans, comparison);
    return {
      table: this.shape.name,
      topic: this.topic,
      ok: differing === 0,
      rows,
      hash,
      differing,
      differences,
      reason,
    };
  }

  private reason(spans: readonly Span[], { mismatches }: Comparison): string | null {
    if (spans.length === 0) return `There is no topic ${this.topic}.`;
    const gone = spans.reduce((sum, { low }) => sum + low, 0n);
    if (gone > 0n && mismatches.some(({ kind }) => kind === "only in the database")) {
      return `The first ${gone} records of ${this.topic} are there no more (retention, or deleted): what they told cannot be compared.`;
    }
    return null;
  }

  private file(side: string): RowFile {
    // Names may be long, or the same but for case.
    const name = `${Buffer.from(this.shape.name).toString("hex").slice(0, 200)}.${side}`;
    return new RowFile(join(this.folder, name), this.shape.isFull ? 1 : this.shape.columns.length);
  }
}

/** @throws in a sentence when a part of the stack does not run */
async function placeOf(stack: string | undefined): Promise<Place> {
  const { prefix, containers } = await containersOf(stack, ASK_MS);
  const [postgres, kafka, connect] = (["postgres", "kafka", "connect"] as const).map((service) =>
    containerOf(containers, service),
  );
  for (const { name, state } of [postgres!, kafka!, connect!]) {
    if (state !== "running")
      throw new Error(
        `Container ${name} is ${state}. \`npm start\` brings the stack up, \`npm run doctor\` says more.`,
      );
  }
  const connectors = await lookAtConnectors(urlOf(connect!.ports["8083"]), ASK_MS);
  const declared = declaredConnector(containers);
  const connector = connectors.find(({ name }) => name === declared) ?? connectors[0];
  if (connector === undefined) throw new Error(`${prefix} has no connector. \`npm start\` registers it.`);
  return {
    database: await addressOf(postgres!, ASK_MS),
    server: brokerOf(kafka!),
    config: connector.config,
  };
}
