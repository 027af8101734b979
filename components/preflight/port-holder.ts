import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Whether a TCP port of 127.0.0.1 can be listened on. */
export function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(false);
      // Docker's engine may publish ports that this process may not open.
      else if (error.code === "EACCES") resolve(true);
      else reject(error);
    });
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Whether a program takes connections on a TCP port of 127.0.0.1. It opens no port itself, so it may run beside `isFree`. */
export function isListening(port: number): Promise<boolean> {
  const socket = connect({ host: "127.0.0.1", port, timeout: 1000 });
  return new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("timeout", () => resolve(false));
  }).finally(() => socket.destroy());
}

/** Who listens on a TCP port of this machine: `process 4711 (postgres)`, or `another program` where the system does not say. */
export async function portHolder(port: number): Promise<string> {
  const found = process.platform === "linux" ? await fromProc(port) : await fromTools(port);
  return found ?? "another program";
}

/** A socket that has a port, as /proc/net/tcp tells of it. */
export interface PortSocket {
  /** 0: no process has it any more. */
  inode: string;
  isListening: boolean;
  /** Milliseconds until the system gives the port back by itself; only of a connection that has ended (TIME_WAIT). */
  endsInMs?: number;
}

/** The unit of /proc/net/tcp's timers, on every Linux: 1/100 s. */
const TICK_MS = 10;

/** Pure: the sockets that have a port, from the text of /proc/net/tcp or tcp6. */
export function socketsAt(table: string, port: number): PortSocket[] {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${hex}`))
    .map(([, , , state, , timer = "", , , , inode = ""]) => ({
      inode,
      isListening: state === "0A",
      ...(state === "06" && { endsInMs: parseInt(timer.split(":")[1] ?? "0", 16) * TICK_MS }),
    }));
}

/** The sockets that have a TCP port of this machine; none where the system does not tell. */
export async function portSockets(port: number): Promise<PortSocket[]> {
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((file) => readFile(file, "utf8").catch(() => "")),
  );
  return tables.flatMap((table) => socketsAt(table, port));
}

async function fromProc(port: number): Promise<string | undefined> {
  return ownerOf((await portSockets(port)).filter(({ isListening }) => isListening));
}

/** The process that has one of some sockets: `process 4711 (postgres)`. */
export async function ownerOf(sought: readonly PortSocket[]): Promise<string | undefined> {
  const sockets = new Set(sought.map(({ inode }) => `socket:[${inode}]`));
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    // A process may end meanwhile, or belong to somebody else.
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      if (!sockets.has(await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => ""))) continue;
      return `process ${pid} (${(await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "?")).trim()})`;
    }
  }
  return undefined;
}

async function fromTools(port: number): Promise<string | undefined> {
  if (process.platform === "win32") return undefined;
  try {
    const { stdout } = await run("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"], { timeout: 5000 });
    const [, pid] = /^p(\d+)/m.exec(stdout) ?? [];
    const [, name] = /^c(.+)/m.exec(stdout) ?? [];
    return pid ? `process ${pid} (${name})` : undefined;
  } catch {
    return undefined;
  }
}
