/** What Pulumi keeps of the stacks when it keeps it in files. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectName } from "./project-name";

/**
 * What the local backend keeps of this project under a name, by path: of its selected stack if the environment says
 * which one, else of all of them.
 */
export function backendFiles(folder: string, kind: "locks/organization" | "stacks"): string[] {
  const project = projectName();
  const place = join(folder, ".pulumi", kind, project);
  // A lock is a file in its stack's folder, a state one named after it.
  const stack = process.env["PULUMI_STACK"]?.split("/").pop();
  const belongs = (name: string): boolean => [stack, `${stack}.json`, `${stack}.json.gz`].includes(name);
  try {
    const names = readdirSync(place, { recursive: true }).map(String);
    return names.filter((name) => !stack || belongs(name.split(/[\\/]/)[0]!)).map((name) => join(place, name));
  } catch {
    return [];
  }
}
