import type { Service } from "./containers-look";

/** What a finding is about. Each part comes after the parts that it needs. */
export type Part =
  | "engine"
  | "disk"
  | "ports"
  | "images"
  | "upgrade"
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

/** `follows`: wrong too, but only because a part that it needs is bad. */
export type Mark = "good" | "note" | "warning" | "bad" | "follows";

export interface Finding {
  part: Part;
  /** Name of what it is about: a container, a slot, a topic. */
  about: string;
  mark: Mark;
  /** What was found. */
  text: string;
  /** The command that mends it, or that tells more. */
  remedy?: string;
  /** The parts whose failure would explain this finding, where these are fewer than those of its part. */
  needs?: Part[];
}

/** By part its heading, and the parts that it needs: where one of these is bad, the part's own trouble `follows`. */
export const PARTS: Record<Part, { heading: string; needs: Part[] }> = {
  engine: { heading: "Machine", needs: [] },
  disk: { heading: "Machine", needs: ["engine"] },
  ports: { heading: "Machine", needs: ["engine"] },
  images: { heading: "Machine", needs: ["engine"] },
  upgrade: { heading: "Upgrade", needs: ["engine"] },
  postgres: { heading: "Containers", needs: ["engine", "upgrade"] },
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
 * Pure: the findings in the order of the parts. A bad finding of a part that needs a bad part becomes `follows`, so that the first
 * bad one is the cause.
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

/** Whether nothing is wrong: the command then ends with 0. */
export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every(({ mark }) => mark !== "bad" && mark !== "follows");
}
