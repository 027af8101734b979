/** Starts stopped containers. Some cannot be started, since another program has taken a port of theirs meanwhile. */
import { docker } from "../processes/docker";

/** The engine's words where another program has the port, and where another container has it. */
const PORT_TAKEN = /address already in use|port is already allocated/;

/**
 * Starts the containers.
 *
 * @returns ids of those whose port is taken. They are made again with the ports that are declared now, and before that the program says who has one
 * @throws where a container cannot be started for another reason
 */
export async function startStopped(ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  try {
    await docker("start", ...ids);
    return [];
  } catch (error) {
    if (!PORT_TAKEN.test((error as Error).message)) throw error;
    const running = await docker("inspect", "--type", "container", "--format", "{{.State.Running}} {{.Id}}", ...ids);
    return running.split("\n").flatMap((line) => (line.startsWith("false ") ? [line.slice("false ".length)] : []));
  }
}
