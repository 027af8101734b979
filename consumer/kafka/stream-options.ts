/** What the edge to Kafka is given by the process around it. */
import type { KafkaConfig } from "kafkajs";
import type { Deliver } from "../delivery/batch";
import type { KafkajsPart } from "./internals/parts";
import type { Log } from "../log";
import type { Membership } from "./group/membership";

export interface StreamOptions {
  kafka: Omit<KafkaConfig, "logCreator" | "logLevel">;
  /** What of kafkajs is replaced, see internals/README.md. */
  kafkajsParts: readonly KafkajsPart[];
  groupId: string;
  /** Waited for until all exist. */
  topics: readonly string[];
  /** Patterns of topics that are read as soon as they exist. */
  furtherTopics: readonly string[];
  /** Topic whose partitions this member is to have, if nobody has a change of them at hand. @default none */
  preferredTopic?: string;
  /** Read by no pattern: its records would come back to it for ever. */
  deadLetterTopic: string;
  deliver: Deliver;
  membership: Membership;
  log: Log;
  wait(ms: number): Promise<void>;
  /** Calls back after ms; the returned function cancels. */
  later(ms: number, callback: () => void): () => void;
  /** What does not pass: kafkajs has given up, or something failed that never should. */
  crashed(error: unknown): void;
  /** The group was joined again. */
  rebalanced(): void;
  commitFailed(): void;
  /** A partition is done with up to this offset, by what was for nobody to read. Offsets as in `Batch`. */
  passed(topic: string, partition: number, lastOffset: string, highWatermark: string): void;
}
