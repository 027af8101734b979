import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { temporaryFolder } from "../../program/temporary-folder.cjs";
import { CONTAINER, type Deployment, NETWORK } from "../stack/deployment";
import { docker } from "../processes/docker";
import { killTree } from "../processes/kill-tree";
import { runChild } from "../processes/child";
import type { Coordination } from "../../components/settings/coordination";
import { SeparateStack, START_COMMAND } from "../stack/separate-stack";
import { verify } from "../verify/verify-stack";
import type { RecoveryCommand, Mishap, Place } from "./mishap";
import { type Happening, planOf } from "./mishaps-plan";
import type { Round } from "./mishaps-report";

/** The database, as Pulumi.yaml's defaults have it. */
const DATABASE = { host: "127.0.0.1", database: "cdctest", user: "cdctest", password: "cdctest" };
const TABLE = "public.customers";
/** How long `verify` waits for the connector, in milliseconds. */
const VERIFY_MS = 60_000;

export interface SessionOptions {
  rounds: number;
  seed: number;
  /** What keeps the broker's metadata in this stack. */
  coordination: Coordination;
  mishaps: readonly Mishap[];
  purpose: string;
}

/** A stack, its mishaps, and a start after each round of them. */
export class Session {
  private readonly stop = new AbortController();
  readonly stack: SeparateStack;
  private port = 0;

  constructor(
    private readonly options: SessionOptions,
    private readonly say: (line: string) => void,
  ) {
    this.stack = new SeparateStack(options.purpose, this.stop.signal);
  }

  async run(): Promise<Round[]> {
    const { rounds, seed, coordination } = this.options;
    this.say(`seed ${seed}: a stack of its own is brought up`);
    this.port = (await this.stack.create({ coordination })).postgresPort;
    await this.stack.start();
    const done: Round[] = [];
    for (const happenings of planOf(this.options.mishaps, seed)) {
      if (done.length >= rounds) break;
      const round = await this.round(happenings);
      this.say(
        `${done.length + 1}/${rounds}  ${round.mishaps.join(", ")}: ${round.trouble ?? `up in ${round.seconds.toFixed(0)} s`}`,
      );
      done.push(round);
      // After a failed start, later rounds show nothing.
      if (round.trouble !== null) break;
    }
    return done;
  }

  abort(reason: Error): void {
    this.stop.abort(reason);
  }

  clear(): Promise<void> {
    return this.stack.remove();
  }

  private async round(happenings: readonly Happening[]): Promise<Round> {
    const mishaps = happenings.map(({ mishap, stroke }) =>
      stroke.target ? `${mishap.name} (${stroke.target})` : mishap.name,
    );
    const commands: string[] = [];
    let begun = performance.now();
    const result = (rows: number, trouble: string | null): Round => ({
      ...{ mishaps, commands, seconds: (performance.now() - begun) / 1000, rows, trouble },
    });
    try {
      await this.write();
      const before = { rows: await this.rows(), volume: await this.volume() };
      for (const { stroke } of happenings) await stroke.happen(this.place);
      begun = performance.now();
      await this.start(happenings, commands);
      const { seconds } = result(0, null);
      const after = { rows: await this.rows(), volume: await this.volume() };
      const trouble =
        lostRows(before, after, happenings) ??
        (await verify({ tables: [], timeoutMs: VERIFY_MS, stack: this.stack.name, json: false }))
          .filter(({ ok }) => !ok)
          .map(
            ({ table, differing, untold, reasons }) =>
              `verify: ${table}: ${differing} differ, ${untold} untold. ${reasons.join(" ")}`,
          )
          .join("\n");
      return { ...result(after.rows.length, trouble === "" ? null : trouble), seconds };
    } catch (error) {
      this.stop.signal.throwIfAborted();
      return result(0, (error as Error).message);
    }
  }

  /** Runs `npm start`, and then the command that it names, if a mishap expects that. */
  private async start(happenings: readonly Happening[], commands: string[]): Promise<void> {
    const allowed = happenings.flatMap(({ mishap }) => mishap.asks ?? []);
    for (;;) {
      commands.push("npm start");
      const said = await this.stack.start().catch((error: Error) => error);
      if (typeof said === "string") return;
      const asked = allowed.find((command) => said.message.includes(`\`${command}\``));
      if (asked === undefined || commands.includes(asked)) throw said;
      commands.push(asked);
      if (await this.asked(asked)) return;
    }
  }

  /** Runs the command. @returns whether the stack is up after it */
  private async asked(command: RecoveryCommand): Promise<boolean> {
    const [, file, , ...args] = command.split(" ");
    await this.npm(`commands/${file}.ts`, ...args);
    return file === "start";
  }

  private npm(file: string, ...args: string[]): Promise<string> {
    const env = { ...process.env, ...this.stack.environment };
    return runChild(process.execPath, ["toolchain/run.mjs", file, ...args], {
      env,
      signal: this.stop.signal,
    });
  }

  private get place(): Place {
    const { stack } = this;
    return {
      named: (role) => `${stack.prefix}-${role}`,
      label: stack.label,
      docker,
      killed: (command, afterMs, withAll) => this.killed(command, afterMs, withAll),
      forget: () => stack.forget(),
      changeIds: () => this.changeIds(),
    };
  }

  /** Changes the ids in the state, as if the last run had been with another engine. */
  private async changeIds(): Promise<void> {
    const state = JSON.parse(await this.stack.pulumi("stack", "export")) as { deployment?: Deployment };
    const { deployment = {} } = state;
    const resources = (deployment.resources ?? []).map((each) =>
      each.type === CONTAINER || each.type === NETWORK
        ? { ...each, id: each.id && randomBytes(32).toString("hex") }
        : each,
    );
    const folder = temporaryFolder("mishap");
    const file = join(folder, "state.json");
    writeFileSync(file, JSON.stringify({ ...state, deployment: { ...deployment, resources } }));
    await this.stack.pulumi("stack", "import", "--file", file);
    rmSync(folder, { recursive: true });
  }

  private async killed(command: "start" | "stop", afterMs: number, withAll: boolean): Promise<void> {
    const args = [...START_COMMAND[1].slice(0, -1), `commands/${command}.ts`];
    const env = { ...process.env, ...this.stack.environment };
    const child = spawn(START_COMMAND[0], args, { env, stdio: "ignore" });
    const ended = once(child, "exit");
    await Promise.race([ended, sleep(afterMs, undefined, { signal: this.stop.signal })]);
    if (child.exitCode !== null) return;
    if (withAll) killTree(child.pid!);
    else child.kill("SIGKILL");
    await ended;
  }

  /** Inserts some rows, updates one and deletes one. */
  private write(): Promise<void> {
    return this.database(async (client) => {
      await client.query(`insert into ${TABLE} (first_name) select 'row ' || i from generate_series(1, 5) i`);
      await client.query(`update ${TABLE} set last_name = 'changed' where id = (select min(id) from ${TABLE})`);
      await client.query(`delete from ${TABLE} where id = (select max(id) from ${TABLE})`);
    });
  }

  private rows(): Promise<string[]> {
    return this.database(async (client) => {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${TABLE} t order by id`);
      return rows.map(({ row }) => row);
    });
  }

  private async database<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ ...DATABASE, port: this.port });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  /** The time at which the database's volume was made. */
  private volume(): Promise<string> {
    return docker("volume", "inspect", "--format", "{{.CreatedAt}}", `${this.stack.prefix}-postgres-data`);
  }
}

interface Rows {
  rows: string[];
  volume: string;
}

/** Pure: a sentence when rows are gone or changed that should not be; undefined when all are as before. */
export function lostRows(before: Rows, after: Rows, happenings: readonly Happening[]): string | undefined {
  if (after.volume === before.volume) {
    return after.rows.join() === before.rows.join()
      ? undefined
      : `${TABLE} had ${before.rows.length} rows and has ${after.rows.length}`;
  }
  if (happenings.some(({ mishap }) => mishap.takesRows)) return undefined;
  return "the database's volume is another one, and nothing had taken it away";
}
