import { request } from "node:http";

/** The engine's figures about a container, as far as they are used here. */
export interface ContainerStats {
  cpu_stats: { cpu_usage: { total_usage: number } };
  memory_stats: { usage?: number; stats?: Record<string, number> };
}

/** Pure: the engine's address, from `DOCKER_HOST`. */
export function engineAddress(host: string | undefined): { socketPath: string } | { host: string; port: number } {
  if (!host) return { socketPath: process.platform === "win32" ? "//./pipe/docker_engine" : "/var/run/docker.sock" };
  const [, scheme, rest = ""] = /^(\w+):\/\/(.*)$/.exec(host) ?? [];
  if (scheme === "unix" || scheme === "npipe") return { socketPath: rest };
  if (scheme === "tcp" || scheme === "http") {
    const { hostname, port } = new URL(`http://${rest}`);
    return { host: hostname, port: Number(port || 2375) };
  }
  throw new Error(`DOCKER_HOST is "${host}"; the benchmark reads memory and CPU from unix://, npipe:// or tcp:// only`);
}

/** The present counters of a container. The `docker stats` command takes 2 s for them, and subtracts only a part of the cache. */
export function containerStats(id: string): Promise<ContainerStats> {
  const path = `/containers/${id}/stats?stream=false&one-shot=true`;
  return new Promise((resolve, reject) => {
    const ask = request({ ...engineAddress(process.env["DOCKER_HOST"]), path, timeout: 10_000 }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => {
        if (response.statusCode === 200) resolve(JSON.parse(text) as ContainerStats);
        else reject(new Error(`the Docker engine answered ${response.statusCode} to ${path}: ${text}`));
      });
    });
    ask.on("timeout", () => ask.destroy(new Error(`the Docker engine does not answer ${path}`)));
    ask.on("error", reject);
    ask.end();
  });
}

/**
 * Pure: resident bytes without the page cache: anonymous memory, and shared memory such as Postgres' buffers. Control groups of versions 1 and 2 give
 * the same figure. Only with version 2, the engine also gives the shared part.
 */
export function residentBytes({ memory_stats: { stats = {} } }: ContainerStats): number {
  const { active_anon: active, inactive_anon: inactive } = stats;
  if (active === undefined || inactive === undefined) {
    throw new Error("the Docker engine does not tell a container's active_anon and inactive_anon");
  }
  return active + inactive;
}

/** Pure: CPU time since the container's start in nanoseconds, health checks included. */
export function cpuNanoseconds(stats: ContainerStats): number {
  return stats.cpu_stats.cpu_usage.total_usage;
}
