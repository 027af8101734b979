/** Types of those parts of kafkajs 2.2.4 that this folder uses and that are not public. */
declare module "kafkajs/src/protocol/requests/fetch/v11/response" {
  const response: { decode(raw: Buffer): Promise<unknown> };
  export default response;
}

declare module "kafkajs/src/protocol/requests/metadata" {
  export interface MetadataAnswer {
    topicMetadata: {
      topicErrorCode: number;
      topic: string;
      partitionMetadata: { partitionErrorCode: number; partitionId: number; leader: number }[];
    }[];
  }
  interface Asked {
    request: unknown;
    response: { decode(raw: Buffer): Promise<MetadataAnswer>; parse(answer: MetadataAnswer): Promise<MetadataAnswer> };
  }
  /** No topics: all of them. */
  type Ask = (question: { topics: string[]; allowAutoTopicCreation?: boolean }) => Asked;
  const definition: { protocol(version: { version: number }): Ask };
  export default definition;
}

declare module "kafkajs/src/network/requestQueue" {
  export default class RequestQueue {
    constructor(options: {
      maxInFlightRequests: number | null;
      requestTimeout: number;
      clientId: string;
      broker: string;
      logger: { debug(): void };
      enforceRequestTimeout?: boolean;
      isConnected?: () => boolean;
    });
    readonly enforceRequestTimeout: boolean;
    /** Milliseconds. */
    readonly requestTimeout: number;
    readonly isConnected: () => boolean;
    readonly inflight: ReadonlyMap<number, { sentAt: number; requestTimeout: number; timeoutRequest(): void }>;
    requestTimeoutIntervalId: NodeJS.Timeout | null;
    readonly pending: readonly unknown[];
    push(request: {
      entry: { correlationId: number; reject?: (error: Error) => void };
      expectResponse: boolean;
      sendRequest(): void;
    }): void;
    maybeThrottle(ms: number): void;
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
    scheduleRequestTimeoutCheck(): void;
    destroy(): void;
  }
}

declare module "kafkajs/src/cluster" {
  export default class Cluster {
    addTargetTopic(topic: string): Promise<void>;
    addMultipleTargetTopics(topics: string[]): Promise<void>;
  }
}

declare module "kafkajs/src/consumer/consumerGroup" {
  import type { ConsumerGroup } from "kafkajs/src/consumer/runner";
  /** `seekOffsets` asks for the committed offsets, after a join, before the first fetch. */
  const Group: { prototype: ConsumerGroup & { seekOffsets(partitions: unknown): Promise<void> } };
  export default Group;
}

declare module "kafkajs/src/consumer/runner" {
  import type { EventEmitter } from "node:events";
  import type { Batch, EachBatchPayload, Offsets } from "kafkajs";
  export type EachBatch = (payload: EachBatchPayload) => Promise<void>;
  /** The group's offsets by topic and partition: those committed, or else those of the oldest records. */
  export type CommittedOffsets = { [topic: string]: { [partition: number]: string } };
  /** Each join makes a new one. */
  export interface OffsetManager {
    committedOffsets(): CommittedOffsets;
  }
  /** The parts of a consumer group that it uses. */
  export interface ConsumerGroup {
    readonly groupId: string;
    readonly memberId: string;
    offsetManager?: OffsetManager;
    /** The longest wait of a fetch in milliseconds, read at each fetch. */
    maxWaitTime?: number;
    connect(): Promise<void>;
    getNodeIds(): number[];
    joinAndSync(): Promise<void>;
    heartbeat(): Promise<void>;
    fetch(nodeId: number): Promise<unknown[]>;
    /** Commits offsets with one request, as a member of the present generation. */
    commitOffsets(offsets: Offsets): Promise<void>;
    leave(): Promise<void>;
  }
  interface Log {
    namespace(): Log;
    debug(): void;
    error(): void;
    info(): void;
    warn(): void;
  }
  export default class Runner extends EventEmitter {
    constructor(options: {
      logger: Log;
      consumerGroup: ConsumerGroup;
      instrumentationEmitter: { emit(): void };
      concurrency: number;
      eachBatch?: EachBatch;
      onCrash(error: Error): void;
      retry: { retries: number };
    });
    readonly eachBatch: EachBatch;
    readonly consumerGroup: ConsumerGroup;
    start(): Promise<void>;
    stop(): Promise<void>;
    fetch(nodeId: number): Promise<Batch[]>;
    handleBatch(batch: Batch): Promise<void>;
    heartbeat(): Promise<void>;
  }
}
