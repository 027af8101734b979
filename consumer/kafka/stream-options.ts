/** What the stream gets from the process around it. */
import type { KafkaConfig } from "kafkajs";
import type { Deliver } from "../delivery/batch";
import type { KafkajsPart } from "./internals/parts";
import type { Log } from "../log";
import type { Membership } from "./group/membership";

export interface StreamOptions {
  kafka: Omit<KafkaConfig, "logCreator" | "logLevel">;
  /** Parts of kafkajs that are replaced, see internals/README.md. */
  kafkajsParts: readonly KafkajsPart[];
  groupId: string;
  /** The stream begins when all of these exist. */
  topics: readonly string[];
  /** Patterns of topics that are read as soon as they exist. */
  furtherTopics: readonly string[];
  /** Topic whose partitions this member is to have, if nobody has a change of them at hand. @default none */
  preferredTopic?: string;
  /** No pattern matches it: its records would come back to it for ever. */
  deadLetterTopic: string;
  deliver: Deliver;
  membership: Membership;
  log: Log;
  wait(ms: number): Promise<void>;
  /** Calls back after ms; the returned function cancels. */
  later(ms: number, callback: () => void): () => void;
  /** Is called for an error that does not pass: kafkajs has given up, or a part failed that never should. */
  crashed(error: unknown): void;
  /** Is called at each join, with which partitions are this member's. */
  assigned(isOurs: (topic: string, partition: number) => boolean): void;
  /** Is called when the group was joined again. */
  rebalanced(): void;
  commitFailed(): void;
  /** Is called when a partition is done with up to this offset by records that no reader gets. Offsets are as in `Batch`. */
  passed(topic: string, partition: number, lastOffset: string, highWatermark: string): void;
}
