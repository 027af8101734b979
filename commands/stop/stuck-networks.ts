/**
 * Networks of a stack that no container uses and that the engine does not remove, because it counts an endpoint that no longer
 * exists. Seen with Docker 20.10.24 after containers of one network stopped at the same moment.
 */
import { STACK_LABEL } from "../../components/container/labels";
import { docker } from "../processes/docker";

const REFUSAL = "has active endpoints";

/**
 * After a failed removal. Removes what has become free meanwhile.
 *
 * @param prefix `<project>-<stack>`
 * @returns names
 */
export async function stuckNetworks(prefix: string): Promise<string[]> {
  const names = await docker("network", "ls", "--filter", `label=${STACK_LABEL}=${prefix}`, "--format", "{{.Name}}");
  const looked = await Promise.all(names.split("\n").filter(Boolean).map(stuck));
  return looked.flat();
}

async function stuck(network: string): Promise<string[]> {
  const users = await docker("network", "inspect", "--format", "{{len .Containers}}", network);
  if (users !== "0") return [];
  return docker("network", "rm", network).then(
    () => [],
    (error: Error) => (error.message.includes(REFUSAL) ? [network] : []),
  );
}

/** Pure: the sentence about stuck networks, with the remedy. */
export function stuckText(networks: readonly string[]): string {
  const which = `${networks.length === 1 ? "network" : "networks"} ${networks.join(", ")}`;
  return `No container has the ${which}, but the engine counts an endpoint there and removes nothing: a fault of the engine. Restart the engine, then \`npm stop\` again.`;
}
