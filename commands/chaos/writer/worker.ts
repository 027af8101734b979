/** One session of the writer. It makes one transaction after the other, and finds out whether each was committed. */
import { setTimeout as sleep } from "node:timers/promises";
import { Client, DatabaseError } from "pg";
import type { SourceDatabase } from "../../../components/connector/connector-types";
import type { Random } from "../random";
import type { Table } from "../chaos-tables";
import { copyIn } from "./copy-in";
import type { Journal } from "./journal";
import type { Ground, WriteStep, Transaction } from "./transaction";

/** A session that is silent for so long is given up. The longest transaction takes some 8 s. */
const SILENT_MS = 20_000;
const AGAIN_MS = 200;
/** Classes of errors that a server which is killed, starts or stops gives: https://www.postgresql.org/docs/17/errcodes-appendix.html */
const EXPECTED = ["08", "53", "57", "58"];

/** Code of the error that says so. */
const HALF = "HALF";

export interface WorkerOptions {
  /** Distinguishes its session, its keys and its prepared transactions from those of other workers. */
  number: number;
  database: SourceDatabase;
  table: Table;
  journal: Journal;
  random: Random;
  freshVersion(): number;
  /** Resolves when the next transaction is due; false ends the worker. */
  turn(changes: number): Promise<boolean>;
  next(ground: Ground, random: Random): Transaction;
}

export class Worker {
  private client: Client | undefined;
  private readonly rows = new Map<string, number>();
  private keys = 0;
  private readonly name: string;
  /** Commits without an answer, and how many of them had worked. */
  readonly doubts = { asked: 0, committed: 0 };

  constructor(private readonly options: WorkerOptions) {
    this.name = `chaos-writer-${options.number}`;
  }

  /** @throws when the database refuses a statement for a reason that no fault explains */
  async run(): Promise<void> {
    const { journal, random, next, turn, table, freshVersion, number } = this.options;
    const ground: Ground = {
      table,
      rows: this.rows,
      freshKey: () => String(number * 1e9 + ++this.keys),
      freshVersion,
    };
    let changes = 0;
    while (await turn(changes)) {
      const transaction = next(ground, random);
      changes = transaction.changes.length;
      if (!(await this.commit(transaction))) continue;
      journal.committed(transaction.changes);
      for (const [key, version] of transaction.after) {
        if (version === null) this.rows.delete(key);
        else this.rows.set(key, version);
      }
    }
    await this.client?.end();
  }

  /** @returns whether the transaction was committed */
  private async commit(transaction: Transaction): Promise<boolean> {
    try {
      const client = (this.client ??= await this.connect());
      await givenUp(client, () => this.send(client, transaction));
      return true;
    } catch (error) {
      if (!isExpected(error)) throw error;
      this.drop();
      return this.resolved(transaction);
    }
  }

  private async send(client: Client, transaction: Transaction): Promise<void> {
    const { explicit, prepared, steps } = transaction;
    if (explicit) await client.query("begin");
    for (const step of steps) await this.step(client, step, transaction);
    if (prepared) {
      const id = `'${this.name}'`;
      await client.query(`prepare transaction ${id}`);
      await client.query(`commit prepared ${id}`);
    } else if (explicit) await client.query("commit");
  }

  private async step(client: Client, step: WriteStep, { changes }: Transaction): Promise<void> {
    if ("pauseMs" in step) await sleep(step.pauseMs);
    else if ("copy" in step) await copyIn(client, step.copy, step.rows);
    else if ("truncate" in step) {
      // Debezium gives the lower half of the number.
      const { rows } = await client.query<{ id: string }>("select pg_current_xact_id()::xid::text as id");
      changes.find(({ key }) => key === "*")!.version = `t${rows[0]!.id}`;
      await client.query(`truncate ${step.truncate}`);
    } else await client.query(step.sql, step.values);
  }

  /** The outcome of a transaction whose session was lost, from the rows that it would have left. */
  private async resolved({ after }: Transaction): Promise<boolean> {
    this.doubts.asked++;
    for (;;) {
      try {
        const client = (this.client = await this.connect());
        const committed = await givenUp(client, () => this.asks(client, after));
        if (committed) this.doubts.committed++;
        return committed;
      } catch (error) {
        if (!isExpected(error)) throw error;
        this.drop();
        await sleep(AGAIN_MS);
      }
    }
  }

  private async asks(client: Client, after: Transaction["after"]): Promise<boolean> {
    await this.endEarlierSession(client);
    // A transaction that was prepared is committed: PREPARE guarantees that it can be.
    const { rows: left } = await client.query("select 1 from pg_prepared_xacts where gid = $1", [this.name]);
    if (left.length > 0) await client.query(`commit prepared '${this.name}'`);
    const { rows } = await client.query<{ id: string; version: string }>(
      `select id::text, version::text from ${this.options.table} where id = any($1::bigint[])`,
      [[...after.keys()]],
    );
    const held = new Map(rows.map(({ id, version }) => [id, Number(version)]));
    const all = [...after];
    const isAfter = all.filter(([key, version]) => (held.get(key) ?? null) === version);
    const isBefore = all.filter(([key]) => held.get(key) === this.rows.get(key));
    if (isAfter.length === all.length) return true;
    if (isBefore.length === all.length) return false;
    const text = `half of a transaction is in ${this.options.table}: ${isAfter.length} of ${all.length} rows`;
    throw Object.assign(new Error(text), { code: HALF });
  }

  /** Ends the session before: it may still be committing after its client was lost. */
  private async endEarlierSession(client: Client): Promise<void> {
    for (;;) {
      const { rowCount } = await client.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()",
        [this.name],
      );
      if (rowCount === 0) return;
      await sleep(20);
    }
  }

  /** Connects as soon as the database takes connections again. */
  private async connect(): Promise<Client> {
    for (;;) {
      const client = new Client({
        ...this.options.database,
        application_name: this.name,
        connectionTimeoutMillis: 3000,
      });
      client.on("error", () => undefined);
      try {
        await client.connect();
        return client;
      } catch (error) {
        if (!isExpected(error)) throw error;
        await sleep(AGAIN_MS);
      }
    }
  }

  private drop(): void {
    const client = this.client;
    this.client = undefined;
    if (client) cut(client);
  }
}

/** Whether a fault explains the error. An error without a code of the server is a lost connection. */
function isExpected(error: unknown): boolean {
  const { code } = error as { code?: string };
  return error instanceof DatabaseError ? EXPECTED.includes((code ?? "").slice(0, 2)) : code !== HALF;
}

/** Does the work, and cuts its session when it takes too long: a network that was cut and healed may leave a session waiting for ever. */
async function givenUp<T>(client: Client, work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => cut(client), SILENT_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

/** Closes the connection at once. `end` would wait for the server. */
function cut(client: Client): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } };
  connection.stream.destroy();
}
