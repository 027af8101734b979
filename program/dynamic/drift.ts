/**
 * How the real thing differs from what was applied last. A provider's `check` puts it among the inputs: that is what a
 * preview shows, and what makes a plain `up` repair it. The outputs keep the drift that was repaired last.
 */
export interface Drift {
  /** When it was seen, ISO 8601. Tells a repaired drift from the same one found again. */
  seen: string;
  /** One line each. */
  found: string[];
}

/** The input to add, or nothing. */
export function asDrift(found: string[]): { drift?: Drift } {
  return found.length === 0 ? {} : { drift: { seen: new Date().toISOString(), found } };
}

/** Whether there is something left to repair. Old inputs go on holding a drift until the next `up`. */
export function isUnrepaired(seen: Drift | undefined, repaired: Drift | undefined): boolean {
  return seen !== undefined && seen.seen !== repaired?.seen;
}

/** Says in a preview and in an `up` what the CLI shows as `[diff: +drift]` only, unless asked for `--diff`. */
export function tellDrift(what: string, found: string[]): void {
  const lines = found.map((line) => line.replace(/\.$/, ""));
  if (found.length > 0) console.error(`${what} is not as it was left; an up repairs it: ${lines.join("; ")}.`);
}
