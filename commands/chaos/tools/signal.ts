import { docker } from "../../../components/engine";

const SHORT_MS = 30_000;

/** Sends the signal to all processes but the init process, from within. After `docker kill`, a stop by hand, nothing would restart the container. */
export async function signal(name: "KILL" | "STOP" | "CONT", container: string): Promise<void> {
  await docker(["exec", container, "sh", "-c", `kill -${name} -1`], SHORT_MS).catch((error: unknown) => {
    // KILL may end the shell before it has answered.
    if (name !== "KILL") throw error;
  });
}
