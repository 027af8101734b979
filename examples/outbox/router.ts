/**
 * Debezium's event router for a table `public.outbox` (id, aggregatetype, aggregateid, type, payload): a row that is inserted there
 * becomes a record of the topic `outbox.event.<aggregatetype>`. All other tables' changes pass as they are.
 *
 * @param topic of the table: `<topicPrefix>.public.outbox`
 */
export const outboxRouter = (topic: string): Record<string, string> => ({
  "transforms.outbox.type": "io.debezium.transforms.outbox.EventRouter",
  "transforms.outbox.predicate": "isOutbox",
  "predicates.isOutbox.type": "org.apache.kafka.connect.transforms.predicates.TopicNameMatches",
  "predicates.isOutbox.pattern": topic.replace(/\./g, "\\."),
});
