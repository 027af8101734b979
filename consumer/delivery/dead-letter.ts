/** Types of the place to which the delivery sends records that could not be handled. */
import type { Origin, RawMessage } from "../change/change-event";

/** `read`: the record could not be parsed. `handle`: the handler failed at every attempt. */
export type FailureStage = "read" | "handle";

export interface RecordFailure {
  stage: FailureStage;
  error: unknown;
  attempts: number;
}

export interface DeadLetters {
  readonly topic: string;
  /** Sends a record. Resolves when the broker has it, and rejects when it does not take it. */
  send(origin: Origin, message: RawMessage, failure: RecordFailure): Promise<void>;
}
