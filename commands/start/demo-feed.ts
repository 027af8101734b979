/** The changes of one table as all consumers of a stack give them: where there are several, each has those of its own partitions. */
import axios from "axios";
import { poll } from "../../components/poll";
import type { ChangeJson, ChangesJson, StatusJson } from "../../consumer/api";

/** How long a change of the demo may take, in milliseconds. */
export const WAIT_MS = 30_000;
const ANSWER_MS = 5000;

/** The demo cannot go on, and the stack works: the consumer has other changes to handle first, somebody has a lock, or a setting keeps the change back. */
export class BusyError extends Error {}

export class DemoFeed {
  /** By page, the id of the last change that was shown or came before. */
  private readonly shown = new Map<string, number>();

  private constructor(
    private readonly table: string,
    private readonly ended: AbortSignal,
  ) {}

  /**
   * Begins after the last change of each consumer.
   *
   * @param feedUrl the first consumer's page, which knows the others
   * @param wakeMs how long a consumer may take to answer, in milliseconds
   * @throws the last error, where a consumer does not answer in time
   */
  static async open(feedUrl: string, table: string, wakeMs: number, ended: AbortSignal): Promise<DemoFeed> {
    const feed = new DemoFeed(table, ended);
    const begun = Date.now();
    const woken = <T>(look: () => Promise<T>): Promise<T> =>
      poll<T>(
        async () => {
          ended.throwIfAborted();
          try {
            return { done: true, value: await look() };
          } catch (error) {
            if (!(error instanceof SilentError) || Date.now() - begun >= wakeMs) throw error;
            return { done: false, seen: error.message };
          }
        },
        { what: "the consumer", deadlineMs: 2 * wakeMs },
      );
    const { group } = await woken(() => asked<StatusJson>(feedUrl, "/status"));
    const begin = async (page: string): Promise<void> => {
      const { newestId } = await woken(() => feed.changes(page, { limit: 1 }));
      feed.shown.set(page, newestId ?? 0);
    };
    await Promise.all((group?.pages ?? [feedUrl]).map(begin));
    return feed;
  }

  /**
   * The first change of that row that was not shown yet.
   *
   * @param waitMs how long it may take, in milliseconds
   * @throws BusyError where others came in that time, and this one not
   */
  arrival(row: string, waitMs: number): Promise<ChangeJson> {
    const pages = [...this.shown.keys()];
    let [begun, newest]: [number | undefined, number] = [undefined, 0];
    return poll<ChangeJson>(
      async () => {
        this.ended.throwIfAborted();
        const answers = await Promise.all(pages.map((page) => this.changes(page, { after: this.shown.get(page)! })));
        for (const [at, { changes }] of answers.entries()) {
          const change = changes.find((each) => isOf(row, each));
          if (change === undefined) continue;
          this.shown.set(pages[at]!, change.id);
          return { done: true, value: change };
        }
        newest = answers.reduce((sum, { newestId }) => sum + (newestId ?? 0), 0);
        begun ??= newest;
        return { done: false, seen: `${answers.flatMap(({ changes }) => changes).length} other changes` };
      },
      {
        what: `the change of ${this.table} id ${row} at ${pages.join(", ")}`,
        deadlineMs: waitMs,
        intervalMs: 20,
        remedy: `\`npm run doctor\` says what holds it up; the page ${pages[0]} shows the state of each part.`,
      },
    ).catch((error: Error & { code?: string }) => {
      const others = newest - (begun ?? newest);
      if (error.code !== "TIMEOUT" || others <= 0) throw error;
      throw new BusyError(busyText(others, waitMs), { cause: error });
    });
  }

  private changes(page: string, from: { limit: number } | { after: number }): Promise<ChangesJson> {
    return asked<ChangesJson>(page, "/changes", { table: this.table, ...from });
  }
}

/** The key may be of other columns (`message.key.columns`). */
function isOf(row: string, { key, before, after }: ChangeJson): boolean {
  return [key, after, before].some((each) => String(each?.["id"]) === row);
}

function busyText(others: number, waitMs: number): string {
  return (
    `the consumer still handles other changes (${others} came in ${waitMs / 1000} s, and the demo's own was not among them). ` +
    "`npm run status` says how far behind it is"
  );
}

function asked<T>(page: string, path: string, params: object = {}): Promise<T> {
  return axios.get<T>(`${page}${path}`, { params, proxy: false, timeout: ANSWER_MS }).then(
    ({ data }) => data,
    (error: Error & { response?: unknown }) => {
      throw error.response ? error : silent("The consumer", "consumerPort", page, error);
    },
  );
}

/** A part of the stack that does not answer: what to look at, and what mends it. */
class SilentError extends Error {}

export function silent(part: string, setting: string, address: string, cause: Error & { code?: string }): Error {
  return new SilentError(
    `${part} does not answer at ${address} (cdc:${setting}): ${cause.message || cause.code}. ` +
      "`npm run doctor` says why, and what mends it.",
    { cause },
  );
}
