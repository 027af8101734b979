import { waitFor } from "../../machine/wait";

/** A change in the consumer's `/changes`, as far as it is read here. */
export interface Change {
  op: string;
  after: Record<string, unknown> | null;
  /** Milliseconds from commit to handler; null for snapshot rows. */
  lagMs: number | null;
  /** ISO 8601 in UTC with µs; null for snapshot rows. */
  committedAt: string | null;
}

interface Changes {
  changes: Change[];
  /** Number of changes handled since the consumer's start. */
  total: number;
  newestId: number | null;
  /** Differs for each start of the consumer, whose counts begin at 0. */
  epoch: string;
}

export interface Newest {
  total: number;
  id: number;
  epoch: string;
  change?: Change;
}

interface Wait {
  deadlineMs: number;
  intervalMs?: number;
}

/** A client of the consumer's API. */
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

  /** The number of changes handled since the consumer's start, and the last one. */
  async newest(): Promise<Newest> {
    const { changes, total, newestId, epoch } = await this.changes({ limit: 1 });
    return { total, id: newestId ?? 0, epoch, change: changes[0] };
  }

  /** Waits until `total` changes were handled since the consumer's start. @returns the state at that moment */
  untilTotal(total: number, wait: Wait): Promise<Newest> {
    return this.until(({ total: handled }) => handled, total, wait);
  }

  /** Waits until `count` changes were handled after an earlier look, also by a consumer that was made again meanwhile. @returns how many were */
  async untilSince(earlier: Newest, count: number, wait: Wait): Promise<number> {
    const since = ({ total, epoch }: Newest): number => (epoch === earlier.epoch ? total - earlier.total : total);
    return since(await this.until(since, count, wait));
  }

  private until(countOf: (seen: Newest) => number, count: number, wait: Wait): Promise<Newest> {
    return waitFor(
      async () => {
        const seen = await this.newest().catch((error: Error) => {
          this.signal?.throwIfAborted();
          return error.message;
        });
        if (typeof seen === "string") return { done: false, seen };
        return countOf(seen) >= count
          ? { done: true, value: seen }
          : { done: false, seen: `${countOf(seen)} of ${count} changes` };
      },
      { what: `the consumer at ${this.url} to have handled ${count} changes`, intervalMs: 100, ...wait },
    );
  }
}

/** The time at which the handler got a change, in µs since 1970; undefined for snapshot rows, which have no commit time. */
export function handledMicros(change: Change): number | undefined {
  const committed = committedMicros(change);
  return committed === undefined || change.lagMs === null ? undefined : committed + Math.round(change.lagMs * 1000);
}

/** Microseconds since 1970. Date.parse ignores digits below a millisecond. */
export function committedMicros({ committedAt }: Change): number | undefined {
  if (committedAt === null) return undefined;
  return Date.parse(`${committedAt.slice(0, 19)}Z`) * 1000 + Number(committedAt.slice(20, 26).padEnd(6, "0"));
}
