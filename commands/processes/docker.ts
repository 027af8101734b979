import { docker as ask } from "../../components/engine";
import { runChild } from "./child";

/** Runs the Docker command, however long it takes. @returns what it printed, without the last line's end */
export function docker(...args: string[]): Promise<string> {
  return ask(args);
}

/** The same, where Ctrl-C on the terminal does not reach it: what it has begun would go on in the engine. @param input what the command reads */
export async function dockerApart(args: string[], input = ""): Promise<string> {
  return (await runChild("docker", args, { input })).trim();
}

/** Names of all containers, volumes and networks with a label, as in `cdc.stack=cdc-dev`. */
export async function objectsLabelled(label: string): Promise<string[]> {
  const filter = ["--filter", `label=${label}`];
  const lists = await Promise.all([
    docker("ps", "--all", ...filter, "--format", "{{.Names}}"),
    docker("volume", "ls", ...filter, "--format", "{{.Name}}"),
    docker("network", "ls", ...filter, "--format", "{{.Name}}"),
  ]);
  return lists.flatMap(lines).sort();
}

/** Removes all containers, volumes and networks with a label, running containers too. */
export async function removeLabelled(label: string): Promise<void> {
  const ids = async (...args: string[]): Promise<string[]> =>
    lines(await docker(...args, "--filter", `label=${label}`, "--quiet"));
  const containers = await ids("ps", "--all");
  if (containers.length > 0) await docker("rm", "--force", "--volumes", ...containers);
  const volumes = await ids("volume", "ls");
  if (volumes.length > 0) await docker("volume", "rm", ...volumes);
  const networks = await ids("network", "ls");
  if (networks.length > 0) await docker("network", "rm", ...networks);
}

function lines(text: string): string[] {
  return text.split("\n").filter(Boolean);
}
