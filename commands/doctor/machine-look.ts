import { execFile } from "node:child_process";
import { statfs } from "node:fs/promises";
import { promisify } from "node:util";
import { docker } from "../../components/engine";
import { parseBuilt } from "../../components/images/image-names";
import { AT_ONCE, type Holder, takenBy } from "../../components/preflight/lent-port";
import { OLD_MS, packagesTaken } from "../images/age";
import type { ContainerLook } from "../look/containers-look";
import type { Finding } from "../look/finding";
import { binaryBytes, elapsed } from "../look/amounts";

/** The engine, and the address at which it is asked. */
export interface EngineLook {
  server: string;
  client: string;
  /** `unix:///var/run/docker.sock` */
  host: string;
  /** The context that names it; null: DOCKER_HOST does. */
  context: string | null;
}

export async function lookAtEngine(deadlineMs: number): Promise<EngineLook> {
  const [versions, context] = await Promise.all([
    docker(["version", "--format", "{{.Server.Version}} {{.Client.Version}}"], deadlineMs),
    docker(["context", "inspect", "--format", "{{.Name}} {{.Endpoints.docker.Host}}"], deadlineMs),
  ]);
  const [server = "", client = ""] = versions.split(" ");
  const [name = "", host = ""] = context.split(" ");
  const { DOCKER_HOST } = process.env;
  return { server, client, ...(DOCKER_HOST ? { host: DOCKER_HOST, context: null } : { host, context: name }) };
}

/** Pure. */
export function engineFinding({ server, client, host, context }: EngineLook): Finding {
  const way = `${host} (${context === null ? "DOCKER_HOST" : `context ${context}`})`;
  const finding = { part: "engine", about: "engine", text: `version ${server}, client ${client}, at ${way}` } as const;
  if (context === null || context === "default") return { ...finding, mark: "good" };
  // Pulumi's provider knows no contexts; the project's own commands tell it.
  const text = `${finding.text}; a plain pulumi command asks the default one, unless it is told`;
  return { ...finding, mark: "note", text, remedy: `export DOCKER_HOST=${host}` };
}

/** The programs of this machine that bring the stack up. */
export async function lookAtPrograms(deadlineMs: number): Promise<string> {
  const pulumi = await promisify(execFile)("pulumi", ["version"], { timeout: deadlineMs }).then(
    ({ stdout }) => `Pulumi ${stdout.trim().replace(/^v/, "")}`,
    () => "no Pulumi CLI yet: `npm run setup`",
  );
  return `Node.js ${process.versions.node}, ${pulumi}`;
}

/** Bytes that are free where the engine keeps containers, volumes and images. */
export async function freeBytes(running: ContainerLook | undefined, deadlineMs: number): Promise<number> {
  const folder = await docker(["info", "--format", "{{.DockerRootDir}}"], deadlineMs);
  // An engine in a virtual machine has a disk of its own, which its containers see.
  if (running === undefined || process.platform === "linux") {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  }
  const [, line = ""] = (await docker(["exec", running.name, "df", "-Pk", "/"], deadlineMs)).split("\n");
  return Number(line.split(/\s+/)[3]) * 1024;
}

/** Below the first, Kafka and Postgres soon cannot write; below the second, a build of an image may not fit. */
const DISK = { bad: 1 << 30, low: 5 * (1 << 30) };

/** Pure. */
export function diskFinding(free: number): Finding {
  const finding = { part: "disk", about: "disk" } as const;
  const text = `${binaryBytes(free)} free`;
  // Not `docker system prune`: that takes stopped containers with it.
  const remedy = "docker builder prune --force && docker image prune --force";
  if (free < DISK.bad)
    return { ...finding, mark: "bad", text: `${text}: databases and brokers stop when it is full`, remedy };
  return free < DISK.low ? { ...finding, mark: "warning", text, remedy } : { ...finding, mark: "good", text };
}

/** The setting that chooses each port. */
const SETTINGS: Record<string, string> = {
  5432: "postgresPort",
  29092: "kafkaPort",
  8083: "connectPort",
  8088: "consumerPort",
};

/** A port of this machine that a container publishes, and its holder: the container itself, another program, or nobody. */
export interface PortLook {
  port: number;
  setting: string;
  service: string;
  holder: Holder | undefined;
  published: boolean;
}

export async function lookAtPorts(containers: readonly ContainerLook[]): Promise<PortLook[]> {
  const ports = containers.flatMap(({ role, name, state, ports }) =>
    Object.entries(ports).map(([internal, port]) => {
      const published = state === "running" || state === "paused";
      return { port, setting: SETTINGS[internal] ?? "", service: role, name, published };
    }),
  );
  return Promise.all(
    ports.map(async ({ name, ...each }) => {
      const holder = each.published ? undefined : await holderOf(each.port);
      // One that ends and is started again may have it by now.
      return holder?.by === `container ${name}` ? { ...each, holder: undefined, published: true } : { ...each, holder };
    }),
  );
}

async function holderOf(port: number): Promise<Holder | undefined> {
  const holder = await takenBy(port, AT_ONCE);
  if (holder === undefined) return undefined;
  const other = await docker(["ps", "--filter", `publish=${port}`, "--format", "{{.Names}}"], 1000).catch(() => "");
  return other === "" ? holder : { by: `container ${other}`, passes: false };
}

/** Pure: one line for all ports that are right, and one for each that another program holds. */
export function portFindings(ports: readonly PortLook[]): Finding[] {
  const taken = ports.flatMap((each) => (each.holder ? [{ ...each, holder: each.holder }] : []));
  const ours = ports.filter(({ published }) => published).map(({ port, service }) => `${port} ${service}`);
  return [
    ...taken.map(({ port, setting, service, holder }): Finding => ({
      ...{ part: "ports", about: `port ${port}`, mark: "bad" },
      text: `taken by ${holder.by}, so ${service} cannot have it`,
      remedy: holder.passes
        ? "npm start"
        : `stop that, or: npm run pulumi -- config set ${setting} ${port + 1} && npm start`,
    })),
    ...(ours.length > 0 ? [{ part: "ports", about: "ports", mark: "good", text: ours.join(", ") } as const] : []),
  ];
}

/** An image of the stack's, and what was made from it. */
export interface ImageLook {
  /** Name with tag. */
  image: string;
  /** When its packages were taken, in milliseconds since 1970. */
  taken: number;
  /** Names of its containers. */
  containers: string[];
}

export async function lookAtImages(containers: readonly ContainerLook[], deadlineMs: number): Promise<ImageLook[]> {
  const images = [...new Set(containers.map(({ image }) => image).filter(Boolean))];
  return Promise.all(
    images.map(async (image) => ({
      image,
      taken: await packagesTaken(image, deadlineMs),
      containers: containers.filter((each) => each.image === image).map(({ name }) => name),
    })),
  );
}

/** Pure. @param now milliseconds since 1970 */
export function imageFindings(images: readonly ImageLook[], now: number): Finding[] {
  return images.map(({ image, taken, containers }) => {
    const age = now - taken;
    const finding = { part: "images", about: image, text: `packages of ${elapsed(age)} ago` } as const;
    if (age <= OLD_MS) return { ...finding, mark: "good" };
    // One of the person's own is made by somebody else, and a container keeps the one that it was made from.
    const fetched = `docker pull ${image} && docker rm --force ${containers.join(" ")} && npm start`;
    return { ...finding, mark: "warning", remedy: parseBuilt(image) ? "npm run rebuild" : fetched };
  });
}
