import { docker } from "../../../components/engine";

const SHORT_MS = 30_000;

/** To all processes but the init process, as from within: `docker kill` would count as a stop by hand, which nothing is started after. */
export async function signal(name: "KILL" | "STOP" | "CONT", container: string): Promise<void> {
  await docker(["exec", container, "sh", "-c", `kill -${name} -1`], SHORT_MS).catch((error: unknown) => {
    // The shell of a container that ends so may end before it has answered.
    if (name !== "KILL") throw error;
  });
}
