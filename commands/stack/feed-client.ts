import axios from "axios";
import type { ChangeJson, ChangesJson } from "../../consumer/api";
import { poll } from "../../components/poll";

/** Client of the consumer's API. */
export class FeedClient {
  constructor(
    private readonly url: string,
    private readonly signal?: AbortSignal,
  ) {}

  /** @throws when the consumer does not answer */
  async changes(query: Record<string, string | number>): Promise<ChangesJson> {
    this.signal?.throwIfAborted();
    const { status, data } = await axios.get<string>(`${this.url}/changes`, {
      ...{ params: query, timeout: 10_000, proxy: false, responseType: "text", validateStatus: () => true },
    });
    if (status !== 200) throw new Error(`${this.url}/changes answered ${status}: ${data}`);
    return JSON.parse(data) as ChangesJson;
  }

  /** The number of changes that were handled since the consumer's start, and the last one. */
  async newest(): Promise<{ total: number; id: number; change?: ChangeJson }> {
    const { changes, total, newestId } = await this.changes({ limit: 1 });
    return { total, id: newestId ?? 0, change: changes[0] };
  }

  /** Waits until `total` changes have been handled since the consumer's start. @returns the state at that moment */
  untilTotal(
    total: number,
    { deadlineMs, intervalMs = 100 }: { deadlineMs: number; intervalMs?: number },
  ): ReturnType<FeedClient["newest"]> {
    return poll(
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
      { what: `the consumer at ${this.url} to have handled ${total} changes`, deadlineMs, intervalMs },
    );
  }
}

/** Microseconds since 1970. Date.parse ignores digits below a millisecond. */
export function committedMicros({ committedAt }: ChangeJson): number | undefined {
  if (committedAt === null) return undefined;
  return Date.parse(`${committedAt.slice(0, 19)}Z`) * 1000 + Number(committedAt.slice(20, 26).padEnd(6, "0"));
}
