/** The container in which pg_upgrade runs. It goes on when whoever waited for it is gone. */
import { poll } from "../../components/poll";
import { docker } from "../processes/docker";

/** Name of the container in which pg_upgrade runs. It is one of the stack's, so that a start and a stop remove one that somebody has left. */
export function upgradeContainer(prefix: string): string {
  return `${prefix}-postgres-upgrade`;
}

/** Whether there is such a container, running or not. */
export async function hasUpgrade(prefix: string): Promise<boolean> {
  return (await docker("ps", "--all", "--quiet", "--filter", `name=^/?${upgradeContainer(prefix)}$`)) !== "";
}

/**
 * Ends pg_upgrade, wherever it is: it works on a copy, and what it moves at its end it moves at once. So the volume is as `placeOf` says then, and the
 * next upgrade goes on.
 *
 * @returns whether there was one
 * @throws where it may go on
 */
export async function endUpgrade(prefix: string): Promise<boolean> {
  const name = upgradeContainer(prefix);
  if (!(await hasUpgrade(prefix))) return false;
  // The engine may be removing it by itself.
  const failed = await docker("rm", "--force", "--volumes", name).then(
    () => "it is still there",
    ({ message }: Error) => message,
  );
  await poll<void>(
    async () => ((await hasUpgrade(prefix)) ? { done: false, seen: failed } : { done: true, value: undefined }),
    {
      what: `the end of the container ${name}`,
      deadlineMs: 20_000,
      remedy: `\`docker rm --force ${name}\` ends it, then once more.`,
    },
  );
  return true;
}
