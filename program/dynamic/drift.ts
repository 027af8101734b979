/**
 * How the real resource differs from what was applied last. A provider's `check` adds the drift to the inputs, so that a
 * preview shows it and a plain `up` repairs it. The outputs keep the drift that was repaired last.
 */
export interface Drift {
  /** When the drift was seen, ISO 8601. It tells a repaired drift from the same one that is found again. */
  seen: string;
  /** The differences, one line each. */
  found: string[];
}

/** The input to add, or nothing. */
export function asDrift(found: string[]): { drift?: Drift } {
  return found.length === 0 ? {} : { drift: { seen: new Date().toISOString(), found } };
}

/** Whether a drift is still to be repaired. Old inputs keep a drift until the next `up`. */
export function isUnrepaired(seen: Drift | undefined, repaired: Drift | undefined): boolean {
  return seen !== undefined && seen.seen !== repaired?.seen;
}

/** Prints the drift in a preview and an `up`. Without `--diff` the CLI would only show `[diff: +drift]`. */
export function tellDrift(what: string, found: string[]): void {
  const lines = found.map((line) => line.replace(/\.$/, ""));
  if (found.length > 0) console.error(`${what} is not as it was left; an up repairs it: ${lines.join("; ")}.`);
}
