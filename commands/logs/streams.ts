import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { poll } from "../../components/poll";
import { docker } from "../processes/docker";
import type { ContainerLook } from "../look/containers-look";
import { type LogLine, parseLine } from "./log-line";
import { merged } from "./merge";

/** Where lines go. */
export interface LogOutput {
  /** Resolves when it may have the next one. */
  line: (line: LogLine) => Promise<void> | void;
  /** A line about the logs themselves. */
  notice: (text: string) => void;
}

/** What has been logged until now, all containers' lines in the order of time. */
export async function history(
  containers: readonly ContainerLook[],
  since: string | undefined,
  until: string,
  { line, notice }: LogOutput,
): Promise<void> {
  const range = [...(since === undefined ? [] : ["--since", since]), "--until", until];
  const sources = containers.flatMap((container) =>
    logsOf(container, range).map((source) => lines(source, container, notice)),
  );
  for await (const each of merged(sources, (a, b) => a.at < b.at)) await line(each);
}

/** What is logged from then on, as it comes; goes on when a container is started again. Never ends by itself. */
export async function follow(containers: readonly ContainerLook[], since: string, output: LogOutput): Promise<void> {
  await Promise.all(containers.map((container) => followOne(container, since, output)));
}

async function followOne(container: ContainerLook, since: string, { line, notice }: LogOutput): Promise<void> {
  for (let [from, last] = [since, since]; ; from = last) {
    await Promise.all(
      logsOf(container, ["--follow", "--since", from]).map(async (stream) => {
        for await (const each of lines(stream, container, notice)) {
          // The engine gives again what it gave for that very moment.
          if (each.at <= from) continue;
          if (each.at > last) last = each.at;
          await line(each);
        }
      }),
    );
    notice(`${container.role} has stopped; its log goes on when it is started again`);
    await untilItRuns(container.name);
  }
}

/** For as long as it takes: the person ends it. */
async function untilItRuns(name: string): Promise<void> {
  await poll<void>(
    async () => {
      const state = await docker("inspect", "--format", "{{.State.Status}}", name).catch(
        (error: Error) => error.message,
      );
      return state === "running" ? { done: true, value: undefined } : { done: false, seen: state };
    },
    { what: name, deadlineMs: Infinity, intervalMs: 1000 },
  );
}

const clients = new Set<ChildProcess>();

/** Ends what reads on. */
export function endAll(): void {
  for (const client of clients) client.kill();
}

/** What a container writes to its standard output and to its standard error, each in the order of time. */
function logsOf({ name }: ContainerLook, range: string[]): Readable[] {
  const args = ["logs", "--timestamps", ...range, name];
  // In a group of its own: Ctrl-C would end it first, and look like a container that has stopped.
  const detached = process.platform !== "win32";
  const child = spawn("docker", args, { stdio: ["ignore", "pipe", "pipe"], detached });
  clients.add(child);
  child.on("close", () => clients.delete(child));
  // A client that cannot be run ends both streams; the look before has said why.
  child.on("error", () => undefined);
  return [child.stdout, child.stderr];
}

async function* lines(
  stream: Readable,
  { role }: { role: string },
  notice: (text: string) => void,
): AsyncGenerator<LogLine> {
  for await (const printed of createInterface({ input: stream, crlfDelay: Infinity })) {
    const line = parseLine(role, printed);
    if (line) yield line;
    else if (printed !== "") notice(`${role}: ${printed}`);
  }
}
