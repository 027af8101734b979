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
  /** Takes a line. Resolves when it can take the next one. */
  line: (line: LogLine) => Promise<void> | void;
  /** A line about the logs themselves. */
  notice: (text: string) => void;
}

/** Prints what has been logged until now: all containers' lines in the order of time. */
export async function history(
  containers: readonly ContainerLook[],
  since: string | undefined,
  until: string,
  { line, notice }: LogOutput,
): Promise<void> {
  const range = [...(since === undefined ? [] : ["--since", since]), "--until", until];
  const sources = containers.map((container) => lines(logsOf(container, range), container, notice));
  for await (const each of merged(sources, (a, b) => a.at < b.at)) await line(each);
}

/** Prints what is logged after `since`, as it comes, also after a container is started again. It never ends by itself. */
export async function follow(containers: readonly ContainerLook[], since: string, output: LogOutput): Promise<void> {
  await Promise.all(containers.map((container) => followOne(container, since, output)));
}

async function followOne(container: ContainerLook, since: string, { line, notice }: LogOutput): Promise<void> {
  for (let [from, last] = [since, since]; ; from = last) {
    for await (const each of lines(logsOf(container, ["--follow", "--since", from]), container, notice)) {
      // For `since`, the engine also gives lines of that very moment, which were printed before.
      if (each.at <= from) continue;
      if (each.at > last) last = each.at;
      await line(each);
    }
    notice(`${container.role} has stopped; its log goes on when it is started again`);
    await untilItRuns(container.name);
  }
}

/** Waits until the container runs, however long that takes: the person at the terminal ends it. */
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

/** Ends all clients that still read logs. */
export function endAll(): void {
  for (const client of clients) client.kill();
}

/**
 * What a container writes to its standard output and to its standard error, in the order of time. It is one pipe for both: of two, whoever waits for the
 * first line of the one leaves the other until it is full, and the client that fills it never comes to the first line.
 */
function logsOf({ name }: ContainerLook, range: string[]): Readable {
  const args = ["-c", 'exec "$0" "$@" 2>&1', "docker", "logs", "--timestamps", ...range, name];
  // The client gets a process group of its own. Ctrl-C would end it first otherwise, which looks as if the container had stopped.
  const detached = process.platform !== "win32";
  const child = spawn("sh", args, { stdio: ["ignore", "pipe", "ignore"], detached });
  clients.add(child);
  child.on("close", () => clients.delete(child));
  // When the client cannot be run, the stream ends. The earlier look at the containers has said why.
  child.on("error", () => undefined);
  return child.stdout;
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
