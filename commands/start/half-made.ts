/** Resources that a killed run was making: Pulumi's state notes that they may exist, and nothing more. */
import { quietKafka } from "../../consumer/kafka/quiet-kafka";
import { presentTopics } from "../../components/cluster/brokers/broker-topics";
import { CONTAINER, type Deployment, NETWORK, TOPIC } from "../stack/deployment";
import { docker } from "../processes/docker";
import { rejectEnded } from "../processes/signals";
import { brokersIn } from "./gone-topics";
import { halfMoved } from "./half-moved";
import { inventory } from "./inventory";
import { captured, pulumi } from "../stack/stack-outputs";
import { thisStack } from "../stack/this-stack";
import { rejectOthersPending } from "./whose";

const ADOPTED = [NETWORK, TOPIC];

/**
 * Takes resources that exist into the state, since others may use them already. Removes containers, which may be half made. Forgets the
 * rest. Pulumi's own `--import-pending-creates` would forget all of them.
 *
 * @param isAllTaken whether all that has the stack's names is to go, whoever made it
 * @throws where what has those names is not that run's own; EndedError where a signal has ended it
 */
export async function settleHalfMade(isAllTaken = false): Promise<void> {
  const state = JSON.parse(await captured(["stack", "export"])) as { deployment?: Deployment };
  const { deployment = {} } = state;
  if ((deployment.pending_operations ?? []).length === 0) return;
  const named = [CONTAINER, NETWORK].flatMap((type) => creating(deployment, type));
  if (named.length > 0 && !isAllTaken)
    await rejectOthersPending(await thisStack(), deployment, named, await inventory());
  console.error("The last run was interrupted; what it left half-made is finished or made anew.");
  for (const text of halfMoved(deployment)) console.error(text);
  for (const name of creating(deployment, CONTAINER)) {
    // One that does not exist is as good as removed.
    await docker("rm", "--force", "--volumes", name).catch(() => undefined);
  }
  const ids = { ...(await networkIds(deployment)), ...(await topicIds(deployment)) };
  const then = withoutPending(deployment, ids);
  await captured(["stack", "import"], JSON.stringify({ ...state, deployment: then }));
  const refresh = ["refresh", "--yes", "--skip-preview", "--suppress-outputs", ...(await withoutSilentBroker(then))];
  const code = await pulumi(refresh);
  // Whoever ends the refresh of `npm stop` does not want what comes after it.
  rejectEnded();
  if (code !== 0)
    console.error(
      "The state could not be compared with what is there; the reason is above. This goes on with what the state says.",
    );
}

/**
 * Arguments that keep the topics out of a refresh while the stack's own broker does not answer. Otherwise the plugin would
 * print five lines for each topic, and the refresh would fail, for the containers too.
 */
export async function withoutSilentBroker({ resources = [] }: Deployment): Promise<string[]> {
  const brokers = brokersIn(resources);
  const hasTopics = resources.some(({ type }) => type === TOPIC);
  if (!hasTopics || brokers.length === 0 || (await presentTopics(brokers.join(","))).length > 0) return [];
  console.error("The broker does not answer yet: its topics are taken to be as the last run left them.");
  return ["--exclude", `**${TOPIC}::**`];
}

/** Pure: the state without creations under way. A creation with an id, by its name, exists and becomes a resource. */
export function withoutPending(deployment: Deployment, ids: Record<string, string>): Deployment {
  const { resources = [], pending_operations = [] } = deployment;
  const adopted = pending_operations
    .filter(({ type, resource }) => type === "creating" && ADOPTED.includes(resource.type))
    .flatMap(({ resource }) => {
      const id = ids[resource.inputs?.name ?? ""];
      return id === undefined ? [] : [{ ...resource, id, outputs: resource.inputs }];
    });
  return {
    ...deployment,
    resources: [...resources, ...adopted],
    pending_operations: pending_operations.filter(({ type }) => type !== "creating"),
  };
}

/** Pure: what was being created of a type. */
export function creating({ pending_operations = [] }: Deployment, type: string): string[] {
  return pending_operations
    .filter((operation) => operation.type === "creating" && operation.resource.type === type)
    .flatMap(({ resource: { inputs } }) => inputs?.name ?? []);
}

async function networkIds(deployment: Deployment): Promise<Record<string, string>> {
  const found = await Promise.all(
    creating(deployment, NETWORK).map(async (name) => [
      name,
      await docker("network", "inspect", "--format", "{{.Id}}", name).catch(() => undefined),
    ]),
  );
  return Object.fromEntries(found.filter(([, id]) => id !== undefined)) as Record<string, string>;
}

/** A topic's id is its name. */
async function topicIds(deployment: Deployment): Promise<Record<string, string>> {
  const names = creating(deployment, TOPIC);
  const provider = deployment.resources?.find(({ type }) => type === "pulumi:providers:kafka");
  const brokers = JSON.parse(provider?.inputs?.bootstrapServers ?? "[]") as string[];
  if (names.length === 0 || brokers.length === 0) return {};
  const admin = quietKafka({ clientId: "cdc-recover", brokers }).admin();
  try {
    await admin.connect();
    const there = await admin.listTopics();
    return Object.fromEntries(names.filter((name) => there.includes(name)).map((name) => [name, name]));
  } catch (error) {
    console.error(`Whether topics ${names.join(", ")} exist could not be asked: ${(error as Error).message}`);
    return {};
  } finally {
    await admin.disconnect();
  }
}
