/** Containers that are not a stack's own but use its network or one of its volumes, which cannot be removed meanwhile. */
import { STACK_LABEL } from "../../components/container/labels";
import { docker } from "../processes/docker";

export interface Stranger {
  container: string;
  /** What it has of the stack. */
  has: { kind: "network" | "volume"; name: string };
}

/** @param prefix `<project>-<stack>` */
export async function strangersOf(prefix: string): Promise<Stranger[]> {
  const ofStack = ["--filter", `label=${STACK_LABEL}=${prefix}`, "--format", "{{.Name}}"];
  const [networks, volumes] = await Promise.all([
    docker("network", "ls", ...ofStack).then(lines),
    docker("volume", "ls", ...ofStack).then(lines),
  ]);
  const lists = await Promise.all([
    // One that does not run holds no network.
    ...networks.map((name) => users(prefix, { kind: "network", name }, "ps")),
    ...volumes.map((name) => users(prefix, { kind: "volume", name }, "ps", "--all")),
  ]);
  return lists.flat();
}

async function users(prefix: string, has: Stranger["has"], ...list: string[]): Promise<Stranger[]> {
  const format = `{{.Names}}\t{{.Label "${STACK_LABEL}"}}`;
  const found = lines(await docker(...list, "--filter", `${has.kind}=${has.name}`, "--format", format));
  return found
    .map((line) => line.split("\t"))
    .filter(([, stack]) => stack !== prefix)
    .map(([container = ""]) => ({ container, has }));
}

function lines(text: string): string[] {
  return text.split("\n").filter(Boolean);
}

/** Pure: the containers in the way, and the commands that remove them. @param then the command to run after these */
export function strangersText(strangers: readonly Stranger[], then = "npm stop"): string {
  const who = strangers.map(({ container, has }) => `${container} has the ${has.kind} ${has.name}`);
  const commands = strangers.map(({ container, has }) =>
    has.kind === "network" ? `docker network disconnect ${has.name} ${container}` : `docker rm --force ${container}`,
  );
  return [
    `Nothing was removed: a container that is not the stack's own is in the way. ${who.join("; ")}. Then \`${then}\` again, after:`,
    ...[...new Set(commands)].map((command) => `  ${command}`),
  ].join("\n");
}
