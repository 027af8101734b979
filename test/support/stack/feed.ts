import axios from "axios";
import type { Client } from "pg";
import { poll, tried } from "../../../components/poll";
import type { ChangeJson, ChangesJson } from "../../../consumer/api";

/** A client of a stack's consumer. */
export class Feed {
  constructor(private readonly url: string) {}

  /**
   * The changes after an id. Waits for a consumer that an `up` has just made again.
   *
   * @param table only changes of this table. @default all
   */
  changes(after = 0, table?: string): Promise<ChangesJson> {
    const params = { after, limit: 10000, table };
    return poll<ChangesJson>(
      () => tried(axios.get<ChangesJson>(`${this.url}/changes`, { params, proxy: false }).then(({ data }) => data)),
      { what: `an answer of ${this.url}/changes`, deadlineMs: 30_000, intervalMs: 50 },
    );
  }

  async newestId(): Promise<number> {
    return (await this.changes()).newestId ?? 0;
  }

  /** The changes after an id, once there are as many as wanted, or one of them is the wanted one. */
  arrived(until: number | ((change: ChangeJson) => boolean), after = 0, table?: string): Promise<ChangeJson[]> {
    return poll<ChangeJson[]>(
      async () => {
        const { changes } = await this.changes(after, table);
        const enough = typeof until === "number" ? changes.length >= until : changes.some(until);
        return enough ? { done: true, value: changes } : { done: false, seen: `${changes.length} changes` };
      },
      {
        what: typeof until === "number" ? `${until} changes` : "the awaited change",
        deadlineMs: 60_000,
        intervalMs: 50,
      },
    );
  }
}

/** Numbered rows. Each is written in a transaction of its own, and has to be reported once. */
export class Ledger {
  private static opened = 0;
  private readonly name = `ledger ${++Ledger.opened}`;
  private last = 0;

  private constructor(
    private readonly client: () => Client,
    private readonly feed: Feed,
    private readonly start: number,
  ) {}

  /** @param client called each time, because the client changes when the database restarts */
  static async open(client: () => Client, feed: Feed): Promise<Ledger> {
    return new Ledger(client, feed, await feed.newestId());
  }

  async write(count: number): Promise<void> {
    for (const end = this.last + count; this.last < end; this.last++) {
      const insert = "insert into public.customers (first_name, last_name) values ($1, $2)";
      await this.client().query(insert, [this.name, String(this.last + 1)]);
    }
  }

  /** The rows that were written, in order. */
  get written(): string[] {
    return Array.from({ length: this.last }, (_, at) => `create ${at + 1}`);
  }

  /**
   * The changes that were reported, once the last row is. Changes come in order, so a repeated one would come before it.
   * Rows of earlier ledgers are left out: a consumer that hung gets its last ones again when it restarts.
   */
  async reported(): Promise<string[]> {
    const isLast = ({ after }: ChangeJson): boolean =>
      after?.["first_name"] === this.name && after["last_name"] === String(this.last);
    const isEarlier = ({ after }: ChangeJson): boolean =>
      /^ledger \d+$/.test(String(after?.["first_name"])) && after?.["first_name"] !== this.name;
    const changes = await this.feed.arrived(isLast, this.start);
    return changes
      .filter((change) => !isEarlier(change))
      .map(({ op, after }) => `${op} ${String(after?.["last_name"])}`);
  }
}
