import { waitFor } from "../machine/wait";

/** One change of the consumer's `/changes`, as far as it is read here. */
export interface Change {
  op: string;
  after: Record<string, unknown> | null;
  /** Commit to handler; null for snapshot rows. */
  lagMs: number | null;
  /** ISO 8601 in UTC with µs; null for snapshot rows. */
  committedAt: string | null;
}

interface Changes {
  changes: Change[];
  /** Handled since the consumer's start. */
  total: number;
  newestId: number | null;
}

export interface Newest {
  total: number;
  id: number;
  change?: Change;
}

/** The consumer's API. */
export class Feed {
  constructor(
    readonly url: string,
    private readonly signal?: AbortSignal,
  ) {}

  /** @throws when the consumer does not answer */
  async changes(query: Record<string, number>): Promise<Changes> {
    this.signal?.throwIfAborted();
    const pairs = Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]);
    const address = `${this.url}/changes?${new URLSearchParams(pairs)}`;
    const response = await fetch(address, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`${address} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Changes;
  }

  /** How many changes were handled since the consumer's start, and the last one. */
  async newest(): Promise<Newest> {
    const { changes, total, newestId } = await this.changes({ limit: 1 });
    return { total, id: newestId ?? 0, change: changes[0] };
  }

  /** Waits until so many changes have been handled in all. @returns what was seen then */
  untilTotal(total: number, wait: { deadlineMs: number; intervalMs?: number }): Promise<Newest> {
    return waitFor(
      async () => {
        const seen = await this.newest().catch((error: Error) => {
          this.signal?.throwIfAborted();
          return error.message;
        });
        if (typeof seen === "string") return { done: false, seen };
        return seen.total >= total
          ? { done: true, value: seen }
          : { done: false, seen: `${seen.total} of ${total} changes` };
      },
      { what: `the consumer at ${this.url} to have handled ${total} changes`, intervalMs: 100, ...wait },
    );
  }
}

/** When the handler got a change, in µs since 1970; undefined for snapshot rows, which have no commit time. */
export function handledMicros(change: Change): number | undefined {
  const committed = committedMicros(change);
  return committed === undefined || change.lagMs === null ? undefined : committed + Math.round(change.lagMs * 1000);
}

/** Date.parse cuts off what is below a millisecond. */
export function committedMicros({ committedAt }: Change): number | undefined {
  if (committedAt === null) return undefined;
  return Date.parse(`${committedAt.slice(0, 19)}Z`) * 1000 + Number(committedAt.slice(20, 26).padEnd(6, "0"));
}
