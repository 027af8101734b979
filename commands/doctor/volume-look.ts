/** The disks of the containers' volumes: one may be another than the engine's, and smaller. */
import { docker } from "../../components/engine";
import type { ContainerLook } from "../look/containers-look";
import type { Finding } from "../look/finding";
import { binaryBytes } from "../look/amounts";

/** A file system as a container sees it. */
export interface DiskLook {
  container: Pick<ContainerLook, "role" | "name">;
  /** Where it is mounted. */
  folder: string;
  size: number;
  free: number;
}

/** The disks of the containers with volumes. Other findings tell of a container that cannot be asked. */
export async function lookAtVolumes(containers: readonly ContainerLook[], deadlineMs: number): Promise<DiskLook[]> {
  const asked = containers.filter(({ service, state }) => state === "running" && service !== "connect");
  const found = await Promise.all(
    asked.map(async (container) =>
      parseDisks(container, await docker(["exec", container.name, "df", "-Pk"], deadlineMs).catch(() => "")),
    ),
  );
  return found.flat();
}

/** The system's own, which nothing is kept in. */
const SYSTEMS = /^\/(dev|proc|sys|etc|run)(\/|$)/;

/** Pure. @param text what `df -Pk` has printed */
export function parseDisks(container: DiskLook["container"], text: string): DiskLook[] {
  return text
    .split("\n")
    .slice(1)
    .map((line) => /^.*?\s(\d+)\s+\d+\s+(\d+)\s+\S+\s+(\/.*)$/.exec(line))
    .filter((found) => found !== null)
    .map(([, size, free, folder = ""]) => ({
      container: { role: container.role, name: container.name },
      ...{ folder, size: Number(size) * 1024, free: Number(free) * 1024 },
    }))
    .filter(({ folder }) => !SYSTEMS.test(folder));
}

/** With less free space a disk counts as full: room for the next file of Postgres' log, or a broker's next segment and index. On a small disk a share of it. */
const SCARCE = { bytes: 64 << 20, part: 0.05 };

/** Pure: one finding for each disk that is full. */
export function volumeFindings(disks: readonly DiskLook[]): Finding[] {
  return disks
    .filter(({ size, free }) => free < Math.min(SCARCE.bytes, size * SCARCE.part))
    .map(({ container: { role, name }, folder, size, free }) => ({
      ...({ part: "disk", about: `disk of ${role}`, mark: "bad" } as const),
      text: `${binaryBytes(free)} of ${binaryBytes(size)} free at ${folder}: it stops when that is full`,
      remedy: `docker exec ${name} sh -c 'du -akx ${folder} | sort -n | tail'`,
    }));
}
