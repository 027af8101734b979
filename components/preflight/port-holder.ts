import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Whether nobody listens on a TCP port of 127.0.0.1. */
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

/** Whether somebody takes connections on a TCP port of 127.0.0.1. Takes no port itself, so it may be asked beside `isFree`. */
export function isListening(port: number): Promise<boolean> {
  const socket = connect({ host: "127.0.0.1", port, timeout: 1000 });
  return new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("timeout", () => resolve(false));
  }).finally(() => socket.destroy());
}

/** Who listens on a TCP port of this machine: `process 4711 (postgres)`, or `another program` where that is not told. */
export async function portHolder(port: number): Promise<string> {
  const found = process.platform === "linux" ? await fromProc(port) : await fromTools(port);
  return found ?? "another program";
}

/** Pure: inodes of the sockets that listen on a port, from the text of /proc/net/tcp or tcp6. */
export function listeningInodes(table: string, port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${hex}`) && fields[3] === "0A")
    .map((fields) => fields[9] ?? "");
}

async function fromProc(port: number): Promise<string | undefined> {
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((file) => readFile(file, "utf8").catch(() => "")),
  );
  const sockets = new Set(tables.flatMap((table) => listeningInodes(table, port)).map((inode) => `socket:[${inode}]`));
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
