/** Faults that delete what Kafka holds. */
import { setTimeout as sleep } from "node:timers/promises";
import { docker } from "../../../components/engine";
import { topicOf } from "../../../components/names/topic-names";
import { withBroker } from "../../../components/preflight/broker-look";
import { PREFIX, ROWS, type Table, TABLES } from "../chaos-tables";
import type { Fault, Place } from "./fault";

const SHORT_MS = 60_000;
/** After this time, changes that were committed before the fault are in the topic. */
const SETTLED_MS = 1500;

const kept =
  (tables: readonly Table[]) =>
  async (place: Place): Promise<void> => {
    await sleep(SETTLED_MS);
    await place.keepTold(tables.map(topicOfTable));
  };

const topicOfTable = (table: Table): string => topicOf(PREFIX, table);

const deleted: Fault = {
  name: "topic-deleted",
  what: "the topic of a table deleted in Kafka",
  hands: "read again",
  plan: () => ({
    target: "",
    prepare: kept([ROWS]),
    inject: (place) =>
      withBroker(place.broker, SHORT_MS, (admin) => admin.deleteTopics({ topics: [topicOfTable(ROWS)] })),
  }),
};

const volume: Fault = {
  name: "kafka-volume-lost",
  what: "the broker's container and volume removed: its topics and Kafka Connect's offsets are gone, the slot is there",
  hands: "npm start",
  loses: true,
  refused: async ({ cluster }) => (cluster ? "a cluster has what was lost on its other brokers" : undefined),
  plan: () => ({
    target: "",
    prepare: async (place) => {
      await kept(TABLES)(place);
      await place.keepLetters();
    },
    inject: async (place) => {
      await docker(["rm", "--force", place.container("kafka")], SHORT_MS);
      await docker(["volume", "rm", place.volume("kafka")], SHORT_MS);
    },
  }),
};

export const TOPIC_FAULTS: Fault[] = [deleted, volume];
