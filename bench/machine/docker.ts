import { run } from "./run";

/** Runs the Docker command. @returns the lines of its output */
export async function docker(...args: string[]): Promise<string[]> {
  return (await run("docker", args)).split("\n").filter(Boolean);
}

/** The running containers with a label: names by id. */
export async function containersOf(label: string): Promise<Map<string, string>> {
  const lines = await docker("ps", "--filter", `label=${label}`, "--format", "{{.ID}} {{.Names}}", "--no-trunc");
  return new Map(lines.map((line) => line.split(" ") as [string, string]));
}

/** Removes all containers, volumes and networks with a label, running or not. */
export async function removeLabelled(label: string): Promise<void> {
  const remove = async (list: string[], remover: string[]): Promise<void> => {
    const ids = await docker(...list, "--filter", `label=${label}`, "--quiet");
    if (ids.length > 0) await docker(...remover, ...ids);
  };
  await remove(["ps", "--all"], ["rm", "--force", "--volumes"]);
  await remove(["volume", "ls"], ["volume", "rm"]);
  await remove(["network", "ls"], ["network", "rm"]);
}
