/** The parts of a stack that somebody else runs. The stack's state says where they are, and how to log in. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ExistingParts } from "../../components/existing/parts";
import { DATABASE_LABEL, type DatabaseLabel } from "../../components/container/labels";
import { projectName } from "../stack/project-name";
import { cliName } from "../stack/stack-names";
import type { ContainerLook, Service } from "./containers-look";

/** Starting the CLI alone takes a second. */
const ASK_MS = 10_000;

/** @param prefix `<project>-<stack>` @returns undefined where all parts are the stack's own, or its state cannot be read */
async function partsOf(prefix: string): Promise<ExistingParts | undefined> {
  const stack = prefix.slice(projectName().length + 1);
  const args = [
    "stack",
    "output",
    "existing",
    "--show-secrets",
    "--json",
    "--non-interactive",
    "--stack",
    cliName(stack),
  ];
  const asked = await promisify(execFile)("pulumi", args, { timeout: ASK_MS }).catch(() => ({ stdout: "" }));
  return asked.stdout.trim() === "" ? undefined : (JSON.parse(asked.stdout) as ExistingParts);
}

/**
 * The containers; one that is missing because somebody else runs that part becomes `elsewhere`. The state is read only where a container
 * is missing.
 */
export async function withElsewhere(prefix: string, containers: ContainerLook[]): Promise<ContainerLook[]> {
  if (!containers.some(({ service, state }) => state === "missing" && ["kafka", "connect"].includes(service)))
    return containers;
  const parts = await partsOf(prefix);
  return parts === undefined ? containers : containers.map((container) => elsewhere(container, parts));
}

/** Pure. */
export function elsewhere(container: ContainerLook, parts: ExistingParts): ContainerLook {
  const { kafka, connect, labels, database } = parts;
  const label = labels?.[DATABASE_LABEL];
  const theirs: Partial<Record<Service, Partial<ContainerLook>>> = {
    ...(kafka && { zookeeper: {}, kafka: { kafka } }),
    ...(connect && { connect: { connect, labels: labels ?? {} } }),
    ...(label !== undefined && { postgres: { database: JSON.parse(label) as DatabaseLabel, source: database } }),
  };
  const found = theirs[container.service];
  return found === undefined || container.state !== "missing"
    ? container
    : { ...container, state: "elsewhere", ...found };
}
