import { docker } from "../../../components/engine";
import { poll, type Probe } from "../../../components/poll";

const SHORT_MS = 30_000;

/**
 * Freezes all processes of the container, with `docker pause`.
 *
 * runc 1.1.5 gives up (cgroup v1) with "unable to freeze" where a process of the container is in the kernel for longer than its thousand
 * looks, as one that waits for a busy disk. It thaws the others again, so asking once more is safe.
 *
 * @param ask the Docker client. @default the one of this machine
 * @throws the client's error if it is another one; after 30 s, one that names the container
 */
export async function pause(container: string, ask = docker): Promise<void> {
  const look = async (): Promise<Probe<string>> => {
    try {
      return { done: true, value: await ask(["pause", container], SHORT_MS) };
    } catch (error) {
      const { message } = error as Error;
      if (!message.includes("unable to freeze")) throw error;
      return { done: false, seen: message };
    }
  };
  await poll(look, { what: `${container} to be paused`, deadlineMs: SHORT_MS });
}

/** Lets the container's processes go on. */
export async function unpause(container: string): Promise<void> {
  await docker(["unpause", container], SHORT_MS);
}
