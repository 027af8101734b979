import type { Declared } from "./model";

/** A compose file as data. It is written as JSON, which is YAML, too. */
export interface ComposeFile {
  services: Record<string, Record<string, unknown>>;
  networks: Record<string, unknown>;
  volumes: Record<string, unknown>;
}

/** A file that a service reads, by its path relative to the compose file. */
export interface ComposeUpload {
  path: string;
  content: string;
}

interface Upload {
  file: string;
  content: string;
}
interface Health {
  tests: string[];
  interval: string;
  timeout: string;
  retries: number;
  startPeriod: string;
}
type Pairs = Record<string, unknown>;

/**
 * Pure: the containers that the Pulumi program declares, as a compose file with the same images, commands, environment, files, limits and health
 * checks.
 *
 * @throws when a container has an argument that this does not know, so that no setting is lost silently
 */
export function composeFile(declared: readonly Declared[]): { file: ComposeFile; uploads: ComposeUpload[] } {
  const containers = declared.filter(({ type }) => type === "docker:index/container:Container");
  const file: ComposeFile = { services: {}, networks: { default: { driver: "bridge" } }, volumes: {} };
  const uploads: ComposeUpload[] = [];
  for (const { inputs } of containers) {
    const role = String(inputs["hostname"]);
    file.services[role] = serviceOf(role, inputs, file, uploads);
  }
  return { file, uploads };
}

function serviceOf(
  role: string,
  inputs: Record<string, unknown>,
  file: ComposeFile,
  uploads: ComposeUpload[],
): Record<string, unknown> {
  const service: Record<string, unknown> = { volumes: [] as string[] };
  for (const [key, value] of Object.entries(inputs)) {
    const translate = TRANSLATIONS[key];
    if (!translate) {
      throw new Error(
        `container ${role} has "${key}", which the benchmark's compose file does not know; ` +
          "add it to bench/contestants/compose-file.ts",
      );
    }
    Object.assign(service, translate(value, inputs));
  }
  const mounts = service["volumes"] as string[];
  for (const { volumeName, containerPath } of (inputs["volumes"] ?? []) as Record<string, string>[]) {
    const name = `${role}-data`;
    file.volumes[name] = {};
    if (volumeName) mounts.push(`${name}:${containerPath}`);
  }
  for (const { file: target, content } of (inputs["uploads"] ?? []) as Upload[]) {
    const path = `files/${role}${target}`;
    uploads.push({ path, content });
    mounts.push(`./${path}:${target}:ro`);
  }
  return service;
}

/** Translates arguments of a container to keys of a service. Compose chooses the names of Docker objects. */
const TRANSLATIONS: Record<string, (value: unknown, inputs: Record<string, unknown>) => Pairs> = {
  name: () => ({}),
  labels: () => ({}),
  volumes: () => ({}),
  uploads: () => ({}),
  image: (image) => ({ image }),
  command: (command) => ({ command: escaped(command) }),
  entrypoints: (entrypoint) => ({ entrypoint: escaped(entrypoint) }),
  envs: (environment) => ({ environment: escaped(environment) }),
  hostname: (hostname) => ({ hostname }),
  user: (user) => ({ user }),
  init: (init) => ({ init }),
  restart: (restart) => ({ restart }),
  readOnly: (readOnly) => ({ read_only: readOnly }),
  stopSignal: (signal) => ({ stop_signal: signal }),
  stopTimeout: (seconds, inputs) => (inputs["destroyGraceSeconds"] ? {} : { stop_grace_period: `${String(seconds)}s` }),
  destroyGraceSeconds: (seconds) => ({ stop_grace_period: `${String(seconds)}s` }),
  shmSize: (megabytes) => ({ shm_size: `${String(megabytes)}m` }),
  memory: (megabytes) => ({ mem_limit: `${String(megabytes)}m` }),
  memorySwap: (megabytes) => ({ memswap_limit: `${String(megabytes)}m` }),
  tmpfs: (tmpfs) => ({ tmpfs: Object.entries(tmpfs as Pairs).map(([path, options]) => `${path}:${String(options)}`) }),
  ulimits: (ulimits) => ({
    ulimits: Object.fromEntries(
      (ulimits as { name: string; soft: number; hard: number }[]).map(({ name, ...limits }) => [name, limits]),
    ),
  }),
  sysctls: (sysctls) => ({ sysctls }),
  securityOpts: (options) => ({ security_opt: options }),
  capabilities: (capabilities) => {
    const { drops, adds } = capabilities as { drops?: string[]; adds?: string[] };
    return { ...(drops ? { cap_drop: drops } : {}), ...(adds ? { cap_add: adds } : {}) };
  },
  logDriver: (driver, inputs) => ({ logging: { driver, options: inputs["logOpts"] ?? {} } }),
  logOpts: () => ({}),
  ports: (ports) => ({
    ports: (ports as { ip: string; external: number; internal: number }[]).map(
      ({ ip, external, internal }) => `${ip}:${external}:${internal}`,
    ),
  }),
  networksAdvanced: (networks) => ({
    networks: { default: { aliases: (networks as { aliases?: string[] }[])[0]?.aliases ?? [] } },
  }),
  healthcheck: (healthcheck) => {
    const { tests, interval, timeout, retries, startPeriod } = healthcheck as Health;
    return { healthcheck: { test: escaped(tests), interval, timeout, retries, start_period: startPeriod } };
  },
};

/** Compose replaces `$NAME`. A doubled dollar sign stands for a single one. */
function escaped(texts: unknown): string[] {
  return (texts as string[]).map((text) => text.replaceAll("$", "$$$$"));
}
