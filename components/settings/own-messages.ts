import { onOwnMessages } from "../connector/snapshot/transforms";

/** Pure: what a transform costs that fails at the stack's own messages in the database's log; undefined: there is none. */
export function unheardMessages(
  topicPrefix: string,
  connectorConfig: Readonly<Record<string, unknown>>,
): string | undefined {
  const [name] = onOwnMessages({ ...connectorConfig, "topic.prefix": topicPrefix });
  if (name === undefined) return undefined;
  return (
    `transforms.${name} fails the connector's task at a message in the database's log that is no JSON object, so the stack's own (cdc.…) do not reach it. The ` +
    "consumer hears of neither captured tables that were changed, nor a connector that began anew, nor rows that were read again, and `doctor` has no probe. " +
    `A predicate that keeps ${topicPrefix}.message from it brings them back.`
  );
}
