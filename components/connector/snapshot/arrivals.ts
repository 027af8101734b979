/** How many records a snapshot of added tables has brought into topics. */
import { topicOf } from "../../names/topic-names";
import type { ConnectorInputs } from "../connector-types";
import { getTopics } from "../rest/connect-api";
import type { Target } from "../rest/rest";
import { outputTopics } from "../slot/source";
import type { NotificationReader } from "./notifications";
import { isTransformed } from "./transforms";
import { recordsIn } from "./written";

/** How long a count over all of a connector's topics is good for, in milliseconds. */
const GOOD_MS = 1000;
/** How long Connect may take to name the topics, in milliseconds. */
const NAMED_MS = 2000;

/**
 * The topics that take a connector's records. Behind transforms Kafka Connect alone knows them, as it notes each topic that it writes to.
 * Without its word, as where `topic.tracking.enable` is false, these are the tables' own.
 */
export async function topicsWrittenTo({ config, connectorName }: ConnectorInputs, target: Target): Promise<string[]> {
  const active = await getTopics({ ...target, until: Date.now() + NAMED_MS }, connectorName).catch(() => []);
  return outputTopics(config, active);
}

/**
 * A count of the records that came since this call: those in the tables' topics, or those in all of the connector's topics where transforms
 * may send them anywhere.
 */
export async function countArrivals(
  target: Target,
  inputs: ConnectorInputs,
  tables: readonly string[],
  { written }: Pick<NotificationReader, "written">,
): Promise<() => Promise<number>> {
  const isAnywhere = isTransformed(inputs.config);
  const topics = async (): Promise<string[]> =>
    isAnywhere
      ? topicsWrittenTo(inputs, target)
      : tables.map((table) => topicOf(String(inputs.config["topic.prefix"]), table));
  const before = new Map<string, number>();
  for (const topic of await topics()) before.set(topic, await written(topic));
  let last = { at: 0, count: 0 };
  return async () => {
    if (isAnywhere && Date.now() - last.at < GOOD_MS) return last.count;
    let offsets = 0;
    for (const topic of await topics()) offsets += (await written(topic)) - (before.get(topic) ?? 0);
    last = { at: Date.now(), count: recordsIn(offsets, inputs.config) };
    return last.count;
  };
}
