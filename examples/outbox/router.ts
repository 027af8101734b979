/**
 * Config of Debezium's event router for a table `public.outbox` (id, aggregatetype, aggregateid, type, payload). A row that is inserted there becomes
 * a record of the topic `outbox.event.<aggregatetype>`. Changes of all other tables stay as they are.
 *
 * @param topic the table's: `<topicPrefix>.public.outbox`
 */
export const outboxRouter = (topic: string): Record<string, string> => ({
  "transforms.outbox.type": "io.debezium.transforms.outbox.EventRouter",
  "transforms.outbox.predicate": "isOutbox",
  "predicates.isOutbox.type": "org.apache.kafka.connect.transforms.predicates.TopicNameMatches",
  "predicates.isOutbox.pattern": topic.replace(/\./g, "\\."),
});
