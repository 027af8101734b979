/** Work that is done while no consumer runs: a group's offsets can be set only while it has no member. */
import { docker } from "../../components/engine";
import { endedBy, heeding } from "../processes/signals";

/** Longer than the 10 s that `docker stop` gives a container. */
const DOCKER_MS = 60_000;
/** A terminal sends Ctrl-C to Docker's client too, whose work may then be half done. It does no harm to ask again. */
const MOST_ASKED = 3;

/**
 * Stops the containers, does the work and starts them again in any case: after a failure, and after a signal, which ends the work only.
 *
 * @param names of the containers of all consumers: one that goes on keeps the group
 */
export async function whileStopped(names: readonly string[], work: () => Promise<void>, ask = docker): Promise<void> {
  const surely = async (what: "stop" | "start"): Promise<void> => {
    for (let asked = 1; ; asked++) {
      try {
        return void (await ask([what, ...names], DOCKER_MS));
      } catch (error) {
        if (endedBy() === undefined || asked === MOST_ASKED) throw error;
      }
    }
  };
  const told = (signal: string): void => console.error(`${signal}: the consumer is started again before the end.`);
  await heeding(told, async () => {
    try {
      await surely("stop");
      if (endedBy() === undefined) await work();
    } finally {
      await surely("start");
    }
  });
}
