/** The stack's other containers where an upgrade goes on amid: `npm start` refuses then, so nothing else brings them up. */
import { STACK_LABEL } from "../../components/container/labels";
import { docker } from "../processes/docker";
import type { StackOutputs } from "../stack/stack-outputs";
import type { Cluster } from "./cluster";
import type { Place } from "./place";

/**
 * Starts those that are stopped, but for the server, for which the volume has no cluster.
 *
 * @returns how many were started
 * @throws where one is gone without which no connector can be told where the new log begins, with the way back
 */
export async function startOthers(
  cluster: Cluster,
  existing: StackOutputs["existing"],
  place: Exclude<Place, "before">,
): Promise<number> {
  const { prefix, container } = cluster;
  const text = await docker(
    "ps",
    "--all",
    "--filter",
    `label=${STACK_LABEL}=${prefix}`,
    "--format",
    "{{.Names}}\t{{.State}}",
  );
  const states = new Map(text.split("\n").map((line) => line.split("\t") as [string, string]));
  const own = (["kafka", "connect"] as const).filter((part) => existing?.[part] === undefined);
  const gone = own.map((part) => `${prefix}-${part}`).filter((name) => !states.has(name));
  if (gone.length > 0) throw new Error(goneText(gone, cluster, place));
  const stopped = [...states].flatMap(([name, state]) =>
    name !== container && (state === "exited" || state === "created") ? [name] : [],
  );
  if (stopped.length > 0) {
    console.error(`Started, since the upgrade needs them: ${stopped.join(", ")}.`);
    await docker("start", ...stopped);
  }
  return stopped.length;
}

/** Pure: the old cluster is whole, and `npm start` goes on with it once it is in its place. */
function goneText(
  gone: readonly string[],
  { volume, image, version }: Cluster,
  place: Exclude<Place, "before">,
): string {
  const next = version + 1;
  const away = place === "after" ? `mv /volume/${next} /volume/old-${next} && ` : "";
  const move = `${away}mv /volume/${version}.before-${next} /volume/${version}`;
  return (
    `There is no container ${gone.join(" and no ")}, so the connectors cannot be told where the new log begins, and \`npm start\` would make none amid an ` +
    `upgrade. Nothing was changed. The cluster of PostgreSQL ${version} is as it was. The way back to it:\n` +
    `  docker run --rm --network none --user 0 --volume ${volume}:/volume --entrypoint sh ${image} -c '${move}'\n` +
    "then `npm start`, and the upgrade once more. Where `npm start` says that the connector is ahead of the log: docs/upgrading.md, Going back."
  );
}
