import { asStrings, driftOf } from "../connector-diff";
import type { ConnectorInputs, ConnectorStatus } from "../connector-types";

/** Keys that a server adds to a config. */
const SERVERS_OWN = /^(name$|__internal\.)/;

/**
 * Pure: what a preview says where Kafka Connect has a connector of the declared name that the stack does not own. An apply takes it
 * over; the text shows what that changes.
 *
 * @param live its config in Kafka Connect
 */
export function adoptionText(
  {
    connectorName,
    connectUrl,
    config,
    state,
  }: Pick<ConnectorInputs, "connectorName" | "connectUrl" | "config" | "state">,
  live: Record<string, string>,
  status: ConnectorStatus | undefined,
): string {
  const kept = asStrings(config);
  const coming = Object.keys(kept).filter((key) => !(key in live));
  const going = Object.keys(live).filter((key) => !(key in kept) && !SERVERS_OWN.test(key));
  const held = Object.fromEntries(Object.entries(config).filter(([key]) => key in live));
  const changes = [
    ...driftOf({ config: held, state }, live, status),
    ...(coming.length > 0 ? [`set in addition: ${coming.sort().join(", ")}`] : []),
    ...(going.length > 0 ? [`no longer set, since it is not declared: ${going.sort().join(", ")}`] : []),
  ];
  const anew = live["topic.prefix"] !== undefined && live["topic.prefix"] !== kept["topic.prefix"];
  const offsets = anew
    ? "Under another topic.prefix its offsets are dropped, and all rows are read again"
    : "It goes on at its offsets";
  return [
    `Connector ${connectorName} exists in Kafka Connect at ${connectUrl}: an up takes it over. ${offsets}.`,
    ...(changes.length > 0 ? changes.map((change) => `  ${change}`) : ["  Nothing of its config changes."]),
  ].join("\n");
}
