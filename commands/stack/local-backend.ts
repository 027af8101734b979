/** What Pulumi keeps of the stacks when it keeps it in files. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { foreignText } from "../../components/preflight/foreign-state";
import { isWhole, stateFolder } from "../../program/state-folder.cjs";
import type { Deployment, Resource } from "./deployment";
import { projectName } from "./project-name";

/**
 * What the local backend keeps of this project under a name, by path: of its selected stack if the environment says
 * which one, else of all of them.
 */
export function backendFiles(folder: string, kind: "locks/organization" | "stacks"): string[] {
  return filesOf(folder, kind, process.env["PULUMI_STACK"]?.split("/").pop());
}

/**
 * Resources of the stack that is selected by the environment, else of all, as the files of a local backend have them.
 *
 * @throws where a file is cut off, or was copied from another stack's
 */
export function stateResources(): Resource[] {
  // Asking the CLI takes half a second at every start.
  const folder = stateFolder(process.env["PULUMI_BACKEND_URL"]);
  const files = folder === undefined ? [] : backendFiles(folder, "stacks");
  return files.flatMap((file) => {
    const resources = resourcesIn([file]);
    const foreign = foreignText(
      basename(file, ".json"),
      resources.map(({ urn }) => urn),
    );
    if (foreign !== undefined) throw new Error(foreign);
    return resources;
  });
}

/** Those of all stacks of this project: in the backend that is chosen, and in the project's own. */
export function allStateResources(): Resource[] {
  const folders = new Set([stateFolder(process.env["PULUMI_BACKEND_URL"]), stateFolder(undefined)]);
  return [...folders].flatMap((folder) =>
    folder === undefined ? [] : resourcesIn(filesOf(folder, "stacks", undefined)),
  );
}

function resourcesIn(files: string[]): Resource[] {
  return files
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => {
      const { checkpoint } = parsed(file) as { checkpoint?: { latest?: Deployment } };
      return checkpoint?.latest?.resources ?? [];
    });
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`Pulumi's state ${file} cannot be read: ${(error as Error).message}. ${wayOut(file)}`, {
      cause: error,
    });
  }
}

/** The set-up puts a whole copy in its place, but not within the seconds in which a run may be writing. */
function wayOut(file: string): string {
  return isWhole(`${file}.bak`)
    ? "`npm start` in five seconds puts the CLI's copy of it in its place."
    : `The CLI's copy of it cannot be read either: \`rm ${file}\`, then \`npm start\` says how the stack that is there is taken over.`;
}

function filesOf(folder: string, kind: "locks/organization" | "stacks", stack: string | undefined): string[] {
  const project = projectName();
  const place = join(folder, ".pulumi", kind, project);
  // A lock is a file in its stack's folder, a state one named after it.
  const belongs = (name: string): boolean => [stack, `${stack}.json`, `${stack}.json.gz`].includes(name);
  try {
    const names = readdirSync(place, { recursive: true }).map(String);
    return names.filter((name) => !stack || belongs(name.split(/[\\/]/)[0]!)).map((name) => join(place, name));
  } catch {
    return [];
  }
}
