/** An image with `tc` and `iptables`, which the stack's own images do not need. It is built when a fault needs it, and kept for the next run. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { docker } from "../../../components/engine";

const FOLDER = "commands/chaos/tools";
const BUILD_MS = 300_000;
const SHORT_MS = 30_000;

let made: Promise<string> | undefined;

/** Resolves with the image's name and tag once the image exists. */
export function toolsImage(): Promise<string> {
  return (made ??= make());
}

async function make(): Promise<string> {
  const content = createHash("sha256")
    .update(readFileSync(`${FOLDER}/Dockerfile`))
    .digest("hex");
  const image = `cdc/chaos-tools:${content.slice(0, 12)}`;
  const isThere = await docker(["image", "inspect", "--format", "{{.Id}}", image], SHORT_MS).then(
    () => true,
    () => false,
  );
  if (!isThere) await docker(["build", "--quiet", "--tag", image, FOLDER], BUILD_MS);
  return image;
}

/** Runs a shell script with rights over a container's network, or over one of its own. @throws with the script's error output */
export async function inNetworkOf(network: `container:${string}` | "none", script: string): Promise<void> {
  const rights = ["--cap-drop", "ALL", "--cap-add", "NET_ADMIN", "--cap-add", "NET_RAW"];
  const image = await toolsImage();
  await docker(["run", "--rm", "--network", network, ...rights, image, "sh", "-ec", script], SHORT_MS);
}
