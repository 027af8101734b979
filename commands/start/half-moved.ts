/** A run that was killed while it took the connector from one Kafka Connect to another. The stack's state names the former one alone. */
import { shownUrl } from "../../components/existing/connect/connect-access";
import { isElsewhere } from "../../components/connector/rest/access";
import type { Deployment, Resource } from "../stack/deployment";

const CONNECTOR = "pulumi-nodejs:dynamic/debezium:Connector";

/**
 * Pure: what is said of each such connector. An `up` goes on with the move. Where `cdc:connectUrl` is set back first, nothing looks into the other
 * Connect any more, and a stopped copy may be left there.
 */
export function halfMoved({ resources = [], pending_operations = [] }: Deployment): string[] {
  return pending_operations.flatMap(({ type, resource: { urn, inputs: to } }) => {
    const from = resources.find((each) => each.type === CONNECTOR && each.urn === urn)?.inputs;
    if (type !== "updating" || !isPlace(from) || !isPlace(to) || !isElsewhere(from, to)) return [];
    const [name, url] = [to.connectorName, shownUrl(to.connectUrl)];
    return [
      `Connector ${name} was on its way from Kafka Connect at ${shownUrl(from.connectUrl)} to ${url}. An up to there goes on with that. With cdc:connectUrl ` +
        `set back, a copy may stay there, stopped: curl -X DELETE ${url}/connectors/${name}`,
    ];
  });
}

type Inputs = Resource["inputs"];

function isPlace(inputs: Inputs): inputs is Inputs & { connectUrl: string; connectorName: string } {
  return inputs?.connectUrl !== undefined && inputs.connectorName !== undefined;
}
