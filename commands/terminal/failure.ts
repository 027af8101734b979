/** How a command ends that has failed. */
import { EndedError, INTERRUPTED } from "../processes/signals";
import { UsageError } from "./usage";

/** The process's code: 2 for a wrong argument, 130 after a signal, else 1. */
export function codeOf(error: unknown): number {
  if (error instanceof EndedError) return INTERRUPTED;
  return error instanceof UsageError ? 2 : 1;
}

/** What is printed: the message alone, without a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
