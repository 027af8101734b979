import type { Service } from "./containers-look";

/** What a finding is about, in the order in which things rest upon each other. */
export type Part =
  | "engine"
  | "disk"
  | "ports"
  | "images"
  | Service
  | "database"
  | "broker"
  | "worker"
  | "capture"
  | "slot"
  | "config"
  | "connector"
  | "reading"
  | "topics"
  | "deliveries"
  | "probe"
  | "others";

/** `follows`: wrong as well, but only because something it needs is. */
export type Mark = "good" | "note" | "warning" | "bad" | "follows";

export interface Finding {
  part: Part;
  /** What it is about, by name. */
  about: string;
  mark: Mark;
  /** How it is. */
  text: string;
  /** The command that mends it, or looks into it. */
  remedy?: string;
  /** What has to be right before this can be said, where that is less than what its part needs. */
  needs?: Part[];
}

/** Under which heading a part is told, and what has to be right before anything can be said against it. */
export const PARTS: Record<Part, { heading: string; needs: Part[] }> = {
  engine: { heading: "Machine", needs: [] },
  disk: { heading: "Machine", needs: ["engine"] },
  ports: { heading: "Machine", needs: ["engine"] },
  images: { heading: "Machine", needs: ["engine"] },
  postgres: { heading: "Containers", needs: ["engine"] },
  zookeeper: { heading: "Containers", needs: ["engine"] },
  kafka: { heading: "Containers", needs: ["engine"] },
  connect: { heading: "Containers", needs: ["engine"] },
  consumer: { heading: "Containers", needs: ["engine"] },
  database: { heading: "Database", needs: ["postgres"] },
  broker: { heading: "Kafka", needs: ["kafka", "zookeeper"] },
  worker: { heading: "Kafka Connect", needs: ["connect", "broker"] },
  capture: { heading: "Capture", needs: ["database"] },
  slot: { heading: "Replication slot", needs: ["database"] },
  config: { heading: "Connector", needs: ["worker"] },
  connector: { heading: "Connector", needs: ["worker", "config", "capture", "slot"] },
  reading: { heading: "Replication slot", needs: ["slot", "connector"] },
  topics: { heading: "Topics", needs: ["broker"] },
  deliveries: { heading: "Consumer", needs: ["consumer", "broker", "topics"] },
  probe: { heading: "End to end", needs: ["reading", "connect", "broker", "topics"] },
  others: { heading: "Beside the stack", needs: ["worker", "database"] },
};

const ORDER = Object.keys(PARTS) as Part[];

/**
 * Pure: in the order of the parts, so that the first bad one is the cause: what rests on something that is bad follows
 * from it.
 */
export function rankedByCause(findings: readonly Finding[]): Finding[] {
  const bad = new Set<Part>();
  const broken = (needs: Part[]): boolean => needs.some((need) => bad.has(need) || broken(PARTS[need].needs));
  const ordered = ORDER.flatMap((part) => findings.filter((finding) => finding.part === part));
  for (const { part, mark } of ordered) if (mark === "bad") bad.add(part);
  return ordered.map((finding) =>
    finding.mark === "bad" && broken(finding.needs ?? PARTS[finding.part].needs)
      ? { ...finding, mark: "follows" }
      : finding,
  );
}

/** Whether nothing is wrong: what a command's exit code says. */
export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every(({ mark }) => mark !== "bad" && mark !== "follows");
}
