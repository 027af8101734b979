/** Removes the stack's broker with its topics, and the containers that depend on it. The database stays. */
import { CONTAINER, VOLUME } from "../stack/deployment";
import { docker } from "../processes/docker";
import { isBrokers, needs, resourceName } from "./difference";
import { forgetGone } from "./gone";
import { stateResources } from "../stack/local-backend";
import { thisStack } from "../stack/this-stack";

/** @throws where the state is not in files of this machine, with nothing removed */
export async function removeBroker(): Promise<void> {
  const known = stateResources(await thisStack());
  const volumes = known.filter((each) => each.type === VOLUME && isBrokers(each)).map(resourceName);
  if (volumes.length === 0)
    throw new Error(
      "Pulumi's state is not kept on this machine, so that this is `npm stop`, which takes the database too, and `npm start`.",
    );
  const containers = known
    .filter((each) => each.type === CONTAINER && needs(each).some((name) => volumes.includes(name)))
    .map(resourceName);
  // They may have been removed by hand, or by a stop that was ended half-way.
  if (containers.length > 0) await docker("rm", "--force", "--volumes", ...containers);
  await docker("volume", "rm", ...volumes);
  // Containers that cannot run without the broker are removed with it, and made again.
  await forgetGone(true);
}
