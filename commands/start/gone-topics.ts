/** Topics that are in the state and not in the broker: somebody deleted them. `pulumi up` compares with its state only, and would wait for them in vain. */
import { presentTopics } from "../../components/cluster/brokers/broker-topics";
import { knowsItsTopics } from "../../components/names/kafkas-topics";
import { type Deployment, type Resource, TOPIC, without } from "../stack/deployment";
import { stateResources } from "../stack/local-backend";
import { captured } from "../stack/stack-outputs";
import { thisStack } from "../stack/this-stack";

const PROVIDER = "pulumi:providers:kafka";

/** Has the state forget them, so that the next `up` makes them again. */
export async function forgetGoneTopics(): Promise<void> {
  const known = stateResources(await thisStack());
  if ((await goneTopics(known)).length === 0) return;
  const state = JSON.parse(await captured(["stack", "export"])) as { deployment?: Deployment };
  const { deployment = {} } = state;
  const gone = await goneTopics(deployment.resources ?? []);
  if (gone.length === 0) return;
  console.error(`Gone from Kafka, and made again: ${gone.map(topicNameOf).sort().join(", ")}.`);
  const urns = new Set(gone.map(({ urn }) => urn));
  await captured(["stack", "import"], JSON.stringify({ ...state, deployment: without(deployment, urns) }));
}

async function goneTopics(resources: readonly Resource[]): Promise<Resource[]> {
  const topics = resources.filter(({ type, id }) => type === TOPIC && id !== undefined);
  const brokers = brokersIn(resources);
  return topics.length === 0 || brokers.length === 0 ? [] : missingOf(topics, await presentTopics(brokers.join(",")));
}

/** Pure: topics' resources whose topic is not among those that are there. */
export function missingOf(topics: readonly Resource[], there: readonly string[]): Resource[] {
  return knowsItsTopics(there) ? topics.filter((topic) => !there.includes(topicNameOf(topic))) : [];
}

function topicNameOf({ inputs, id }: Resource): string {
  return inputs?.name ?? id!;
}

/** Pure: the addresses of the stack's own brokers. Somebody else's broker may ask for a login, and is not asked here. */
export function brokersIn(resources: readonly Resource[]): string[] {
  const provider = resources.find(({ type }) => type === PROVIDER);
  const brokers = JSON.parse(provider?.inputs?.bootstrapServers ?? "[]") as string[];
  return brokers.every((address) => address.startsWith("127.0.0.1:")) ? brokers : [];
}
