/** Pulumi's files about stacks when its backend is a local folder. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { foreignText } from "../../components/preflight/foreign-state";
import { isWhole, stateFolder } from "../../program/state-folder.cjs";
import type { Deployment, Resource } from "./deployment";
import { projectName } from "./project-name";

/** Paths of the local backend's files about this project, of one kind. If the environment names the selected stack, only that stack's. */
export function backendFiles(folder: string, kind: "locks/organization" | "stacks"): string[] {
  return filesOf(folder, kind, process.env["PULUMI_STACK"]?.split("/").pop());
}

/**
 * Resources of one stack in the local backend's files. No caller gets those of all stacks by forgetting to say which one it means.
 *
 * @param prefix `<project>-<stack>`, as `thisStack` gives it
 * @throws when a file is cut off, or was copied from another stack's
 */
export function stateResources(prefix: string): Resource[] {
  // Reads the files, because to ask the CLI takes half a second at every start.
  const folder = stateFolder(process.env["PULUMI_BACKEND_URL"]);
  const stack = prefix.slice(projectName().length + 1);
  const files = folder === undefined ? [] : filesOf(folder, "stacks", stack);
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

/** Resources of all stacks of this project, in the selected backend and in the project's own. */
export function allStateResources(): Resource[] {
  const folders = new Set([stateFolder(process.env["PULUMI_BACKEND_URL"]), stateFolder(undefined)]);
  return [...folders].flatMap((folder) =>
    folder === undefined ? [] : resourcesIn(filesOf(folder, "stacks", undefined)),
  );
}

/** Names of the stacks that the local backend has; none for any other backend. */
export function stackNames(): string[] {
  const folder = stateFolder(process.env["PULUMI_BACKEND_URL"]);
  const files = folder === undefined ? [] : filesOf(folder, "stacks", undefined);
  return [...new Set(files.flatMap((file) => /^(.+)\.json(\.gz)?$/.exec(basename(file))?.[1] ?? []))];
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

/** What to do about a file that is cut off. The set-up replaces it by a whole copy, but not within the seconds in which a run may be writing it. */
function wayOut(file: string): string {
  return isWhole(`${file}.bak`)
    ? "`npm start` in five seconds puts the CLI's copy of it in its place."
    : `The CLI's copy of it cannot be read either: \`rm ${file}\`, then \`npm start\` says how the stack that is there is taken over.`;
}

function filesOf(folder: string, kind: "locks/organization" | "stacks", stack: string | undefined): string[] {
  const project = projectName();
  const place = join(folder, ".pulumi", kind, project);
  // A lock is a file in its stack's folder. A state is a file with the stack's name.
  const belongs = (name: string): boolean => [stack, `${stack}.json`, `${stack}.json.gz`].includes(name);
  try {
    const names = readdirSync(place, { recursive: true }).map(String);
    return names.filter((name) => !stack || belongs(name.split(/[\\/]/)[0]!)).map((name) => join(place, name));
  } catch {
    return [];
  }
}
