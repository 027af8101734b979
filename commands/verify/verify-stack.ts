/** The whole comparison of a stack. */
import { rmSync } from "node:fs";
import { temporaryFolder } from "../../program/temporary-folder.cjs";
import type { Client } from "pg";
import { onceUnlocked } from "../../components/database/lock-wait";
import type { ChangedTable } from "../../components/capture/tables/changed";
import { readChangedTables } from "../../components/capture/tables/read-changed";
import { topicOf } from "../../components/names/topic-names";
import { withBroker } from "../../components/preflight/broker-look";
import { awaitSlot, beginAt, LOCKED_MS } from "./moment";
import type { VerifyOptions } from "./verify-options";
import { accessTo, type StackAccess } from "./stack-access";
import { withTwoSessions } from "./sessions";
import { comparable } from "./published";
import { type OffsetRange, readRanges, rangesOf } from "./rows/read-topics";
import type { TableResult } from "./result";
import { shapesOf } from "./compared-table";
import { type Checked, TableCheck } from "./table-check";
import { whichTables } from "./which-tables";

const ASK_MS = 5_000;

export async function verify(options: VerifyOptions): Promise<TableResult[]> {
  const access = await accessTo(options.stack, ASK_MS, options.timeoutMs);
  const folder = temporaryFolder("verify");
  try {
    return await withTwoSessions(access.database, (...sessions) => compareAll(options, access, sessions, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compareAll(
  options: VerifyOptions,
  { prefix, config, server }: StackAccess,
  [reader, other]: readonly [Client, Client],
  folder: string,
): Promise<TableResult[]> {
  // A publication's tables are opened to be listed, those that are not compared too.
  const list = (): ReturnType<typeof shapesOf> => shapesOf(other, config["publication.name"]!);
  const published = await onceUnlocked(other, reader, list, { what: "verify", deadlineMs: LOCKED_MS });
  const { compared, unsent } = whichTables(published, config, options.tables);
  const parts = compared.map((shape) => comparable(shape, config));
  const shapes = parts.map(({ shape }) => shape);
  if (shapes.length === 0) return unsent;
  const topics = shapes.map(({ name }) => topicOf(config["topic.prefix"]!, name));
  const rangesNow = (): Promise<OffsetRange[]> => withBroker(server, ASK_MS, (admin) => rangesOf(admin, topics));
  const before = await rangesNow();
  const moment = await beginAt(reader, other, shapes, config["database.user"]);
  await awaitSlot(other, config["slot.name"]!, moment, options.timeoutMs);
  const ranges = await rangesNow();
  const happened = await toldBy(other, config);
  const read: Checked["read"] = (some, take) => readRanges(server, some, take, prefix);
  const checks = new Map(
    shapes.map((shape, at) => {
      const topic = topics[at]!;
      const ofTopic = (all: readonly OffsetRange[]) => all.filter((range) => range.topic === topic);
      const told = happened.filter(({ table }) => table === shape.name);
      const known = { ranges: ofTopic(ranges), before: ofTopic(before) };
      return [topic, new TableCheck({ shape, topic, told, ...known, moment, config, folder, read })];
    }),
  );
  // All topics at once. A topic with a record that leaves columns out, or that has another key, is read once more, by column.
  await read(ranges, (topic, record) => checks.get(topic)!.topicRows.take(record));
  const again = ranges.filter(({ topic }) => checks.get(topic)!.beginByColumn());
  await read(again, (topic, record) => checks.get(topic)!.topicRows.take(record));
  const results: TableResult[] = [];
  // One after the other: they share the snapshot, and so the connection.
  for (const [at, check] of [...checks.values()].entries()) {
    const result = await check.result(reader);
    results.push({ ...result, reasons: [...result.reasons, ...parts[at]!.notes] });
  }
  return [...results, ...unsent];
}

/** What the capture's notes tell of its tables. A connector of somebody else's has none. */
function toldBy(client: Client, config: Readonly<Record<string, string>>): Promise<ChangedTable[]> {
  const signalTable = (config["signal.data.collection"] ?? "").replaceAll('"', "");
  if (!/^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/.test(signalTable)) return Promise.resolve([]);
  return readChangedTables(client, signalTable, config["publication.name"]!).catch(() => []);
}
