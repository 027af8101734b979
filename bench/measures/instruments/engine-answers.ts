import { request } from "node:http";

/** What the Docker engine says about one container, as far as it matters here. */
export interface ContainerStats {
  cpu_stats: { cpu_usage: { total_usage: number } };
  memory_stats: { usage?: number; stats?: Record<string, number> };
}

/** Pure: where the engine listens, as `DOCKER_HOST` says it. */
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

/** One container's counters now. The `docker stats` command takes 2 s for it and subtracts only part of the cache. */
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
 * Pure: resident bytes that are no page cache: anonymous memory and shared memory (Postgres' buffers). Said the same by
 * control groups of version 1 and 2; the shared part by itself the engine tells of the latter only.
 */
export function residentBytes({ memory_stats: { stats = {} } }: ContainerStats): number {
  const { active_anon: active, inactive_anon: inactive } = stats;
  if (active === undefined || inactive === undefined) {
    throw new Error("the Docker engine does not tell a container's active_anon and inactive_anon");
  }
  return active + inactive;
}

/** Pure: nanoseconds of CPU used since the container's start, health checks included. */
export function cpuNanoseconds(stats: ContainerStats): number {
  return stats.cpu_stats.cpu_usage.total_usage;
}
