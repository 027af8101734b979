/** The load: four sessions of short transactions, one of long ones, one that truncates. */
import { setTimeout as sleep } from "node:timers/promises";
import { withDatabase } from "../../../components/connector/slot/connector-session";
import type { SourceDatabase } from "../../../components/connector/connector-types";
import { Random } from "../random";
import { ROWS, SIDE, TABLES } from "../chaos-tables";
import type { Journal, Written } from "./journal";
import { long, mixed, poisoned, side } from "./kinds";
import { Pace } from "./pace";
import type { Ground, Transaction } from "./transaction";
import { Worker } from "./worker";

const SHORT_WORKERS = 4;

export class Writer {
  private readonly workers: Worker[];
  private readonly pace: Pace;
  private stopped = false;
  /** Callbacks of those who wait for a poisoned row to be written. */
  private readonly poison: (() => void)[] = [];
  private version = 0;
  private running: Promise<void> | undefined;

  private constructor(
    private readonly database: SourceDatabase,
    private readonly journal: Journal,
    /** Whether the database allows prepared transactions. */
    readonly twoPhase: boolean,
    { rate, seed }: { rate: number; seed: number },
  ) {
    this.pace = new Pace(rate);
    const paced = async (changes: number) => !this.stopped && (await this.pace.turn(changes, () => this.stopped));
    const unpaced = async (changes: number) => {
      this.pace.count(changes);
      await sleep(100);
      return !this.stopped;
    };
    const common = { database, journal, freshVersion: () => ++this.version };
    const worker = (number: number, own: Pick<ConstructorParameters<typeof Worker>[0], "table" | "turn" | "next">) =>
      new Worker({ ...common, number, random: new Random(seed + number), ...own });
    this.workers = [
      ...Array.from({ length: SHORT_WORKERS }, (_, at) =>
        worker(at + 1, { table: ROWS, turn: paced, next: (ground, random) => this.short(ground, random) }),
      ),
      worker(SHORT_WORKERS + 1, { table: ROWS, turn: unpaced, next: long }),
      worker(SHORT_WORKERS + 2, { table: SIDE, turn: unpaced, next: side }),
    ];
  }

  /** Begins to write. @param rate changes a second, all sessions together */
  static async start(
    database: SourceDatabase,
    journal: Journal,
    load: { rate: number; seed: number },
  ): Promise<Writer> {
    const { rows } = await withDatabase(database, (client) =>
      client.query<{ max: string }>("select current_setting('max_prepared_transactions') as max"),
    );
    const writer = new Writer(database, journal, Number(rows[0]!.max) > 0, load);
    writer.running = Promise.all(writer.workers.map((each) => each.run())).then(() => undefined);
    // Whoever waits for `ended` handles the error.
    writer.running.catch(() => undefined);
    return writer;
  }

  /** Rejects when a session failed for a reason that no fault explains; else resolves after `stop`. */
  get ended(): Promise<void> {
    return this.running!;
  }

  /** Resolves when each session has ended its last transaction and knows the outcome. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  /** Writes one more row to each table, once all sessions have ended. It is the last change of each. */
  async mark(): Promise<Written[]> {
    const marks = TABLES.map((table): Written => ({ table, key: "0", version: String(++this.version) }));
    await withDatabase(this.database, async (client) => {
      for (const mark of marks) {
        await client.query(`insert into ${mark.table} values (0, $1, 'the last one')`, [mark.version]);
        this.journal.committed([mark]);
      }
    });
    return marks;
  }

  /** Has a row written on which the handler throws. Resolves when it is being written. */
  writePoison(): Promise<void> {
    return new Promise((resolve) => this.poison.push(resolve));
  }

  /** Commits without an answer, and how many of them had worked. */
  get doubts(): { asked: number; committed: number } {
    const all = this.workers.map(({ doubts }) => doubts);
    return {
      asked: all.reduce((sum, { asked }) => sum + asked, 0),
      committed: all.reduce((sum, { committed }) => sum + committed, 0),
    };
  }

  private short(ground: Ground, random: Random): Transaction {
    const waiting = this.poison.shift();
    if (waiting === undefined) return mixed(ground, random, this.twoPhase);
    waiting();
    return poisoned(ground, random);
  }
}
