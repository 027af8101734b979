import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { runChild } from "../../commands/processes/child";
import type { StackPorts } from "../../commands/processes/free-ports";
import type { Coordination } from "../../components/settings/coordination";
import { SeparateStack, START_COMMAND } from "../../commands/stack/separate-stack";
import { poll } from "../../components/poll";
import { killTree } from "../../commands/processes/kill-tree";

export { docker } from "../../commands/processes/docker";

/** What keeps the broker's metadata in the tests' stacks. With `CDC_TEST_COORDINATION=kraft npm test`, all run without ZooKeeper. */
export const COORDINATION = (process.env["CDC_TEST_COORDINATION"] ?? "zookeeper") as Coordination;

interface Resource {
  urn: string;
  type: string;
  inputs?: Record<string, unknown>;
}

interface StateFile {
  checkpoint: {
    latest?: { pending_operations?: { type: string; resource: { type: string } }[]; resources?: Resource[] };
  };
}

/** With `CDC_TEST_POSTGRES=18 npm test`, stacks have that version, unless a test sets one. */
const version = process.env["CDC_TEST_POSTGRES"];
/** The major version of Postgres in the tests' stacks. */
export const POSTGRES_MAJOR = version ?? "17";
const POSTGRES: Record<string, string> = version === undefined ? {} : { postgresVersion: version };

/** A stack for tests, beside the user's, and what tests do to it. */
export class TestStack extends SeparateStack {
  /** Ports on 127.0.0.1, by the names of their settings. */
  ports: StackPorts = { postgresPort: 0, kafkaPort: 0, connectPort: 0, consumerPort: 0 };

  constructor(purpose: string) {
    super(`test-${purpose}`);
  }

  override async create(settings: Record<string, string> = {}): Promise<StackPorts> {
    return (this.ports = await super.create({ coordination: COORDINATION, ...POSTGRES, ...settings }));
  }

  /** Path of the state's file. */
  get stateFile(): string {
    return join(this.backend, ".pulumi", "stacks", "cdc", `${this.name}.json`);
  }

  /** A folder for a test's own `initFolder`. It is removed with the stack, however the run ends. */
  get initFolder(): string {
    const folder = join(this.backend, "init");
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Calls `work` with some settings, and then sets them back. */
  async with<T>(settings: Record<string, string>, work: () => Promise<T>): Promise<T> {
    const before = readFileSync(this.config);
    const pairs = Object.entries(settings).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
    if (pairs.length > 0) await this.pulumi("config", "set-all", "--path", ...pairs);
    try {
      return await work();
    } finally {
      writeFileSync(this.config, before);
    }
  }

  /** The message that a person gets when a preview or an up fails with some settings. */
  async refusal(command: "preview" | "up", settings: Record<string, string>): Promise<string> {
    const run = () => (command === "preview" ? this.pulumi("preview") : this.up());
    const text = await this.with(settings, () => run().catch((error: Error) => error));
    if (typeof text === "string") throw new Error(`${command} was to fail:\n${text}`);
    return text.message;
  }

  /** Runs `npm stop` on this stack. */
  stop(): Promise<string> {
    const args = ["toolchain/run.mjs", "commands/stop.ts"];
    return runChild(process.execPath, args, { env: { ...process.env, ...this.environment } });
  }

  /** Runs an `up`, or a start, and kills it with all its processes as soon as `when` gives true. */
  async killed(what: "up" | "start", when: () => Promise<boolean>): Promise<void> {
    const [command, args] =
      what === "up" ? (["pulumi", ["up", "--yes", "--skip-preview", "--non-interactive"]] as const) : START_COMMAND;
    const child = spawn(command, args, { env: { ...process.env, ...this.environment }, stdio: "ignore" });
    const ended = once(child, "exit");
    try {
      await poll<void>(
        async () => {
          if (child.exitCode !== null)
            throw new Error(`${what} ended with ${child.exitCode} before it could be killed`);
          return (await when()) ? { done: true, value: undefined } : { done: false, seen: "not yet" };
        },
        { what: `the moment to kill ${what}`, deadlineMs: 240_000, intervalMs: 20 },
      );
    } finally {
      killTree(child.pid!);
      await ended;
    }
  }

  /** Operations under way, and resources, as in the state's file during a run. */
  state(): { pending: { type: string; of: string }[]; resources: Resource[] } {
    const { latest } = (JSON.parse(readFileSync(this.stateFile, "utf8")) as StateFile).checkpoint;
    const pending = latest?.pending_operations ?? [];
    return {
      pending: pending.map(({ type, resource }) => ({ type, of: resource.type })),
      resources: latest?.resources ?? [],
    };
  }
}

/** A container's log, standard error included. */
export async function logs(container: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)("docker", ["logs", container], { maxBuffer: 1 << 26 });
  return stdout + stderr;
}
