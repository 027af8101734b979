/** Which tables are compared: those that the connector reads, the publication sends and the database shows whole. */
import { namedTables } from "../../components/connector/slot/source";
import { topicOf } from "../../components/names/topic-names";
import { UsageError } from "../terminal/usage";
import { type TableResult, unlooked } from "./result";
import type { TableShape } from "./compared-table";

export interface Chosen {
  compared: TableShape[];
  /** Tables that the connector is to read and the publication does not send, or whose rows a policy hides: they cannot be compared, and the result names each. */
  unsent: TableResult[];
}

/**
 * Pure.
 *
 * @param published what the publication sends
 * @param config the connector's
 * @param asked `schema.table` as the database has it; empty: all
 * @throws UsageError for one that is not captured, and an Error when nothing is
 */
export function whichTables(
  published: readonly TableShape[],
  config: Readonly<Record<string, string>>,
  asked: readonly string[],
): Chosen {
  const signal = config["signal.data.collection"]?.replaceAll('"', "");
  const sent = published.filter(({ name }) => name !== signal);
  const unsent = namedTables(config).filter((table) => table !== signal && !sent.some(({ name }) => name === table));
  const captured = [...sent.map(({ name }) => name), ...unsent].sort();
  if (captured.length === 0) {
    throw new Error(
      `Nothing is captured: publication ${config["publication.name"]} sends no table, and the connector names none. ` +
        "`npm start` makes what Pulumi.<stack>.yaml declares.",
    );
  }
  const unknown = asked.find((table) => !captured.includes(table));
  if (unknown !== undefined) throw new UsageError(`--table is "${unknown}"; captured are ${captured.join(", ")}`);
  const isAsked = (table: string): boolean => asked.length === 0 || asked.includes(table);
  return {
    compared: sent.filter(({ name, hidden }) => isAsked(name) && !hidden),
    unsent: [
      ...sent.filter(({ name, hidden }) => isAsked(name) && hidden).map(({ name }) => hiddenResult(name, config)),
      ...unsent.filter(isAsked).map((table) => unsentResult(table, config)),
    ],
  };
}

/** The log passes row level security by, so the topic is whole. */
function hiddenResult(table: string, config: Readonly<Record<string, string>>): TableResult {
  const role = config["database.user"] ?? "debezium";
  return unlooked(
    table,
    topicOf(config["topic.prefix"]!, table),
    `Row level security hides rows of it from role ${role}, though not their changes from the topic. \`npm start\` gives the role BYPASSRLS where adminUser ` +
      `may; else let a superuser run ALTER ROLE "${role}" BYPASSRLS.`,
  );
}

function unsentResult(table: string, config: Readonly<Record<string, string>>): TableResult {
  return unlooked(
    table,
    topicOf(config["topic.prefix"]!, table),
    `Publication ${config["publication.name"]} does not send it, or there is no such table: nothing of it reaches the ` +
      "topic. `npm start` puts it back; `npm run doctor` says more.",
  );
}
