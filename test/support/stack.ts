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

/** What the stacks of the tests run with: `CDC_TEST_COORDINATION=kraft npm test` has all of them without ZooKeeper. */
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

/** `CDC_TEST_POSTGRES=18 npm test` has them on that version, where a test does not say one. */
const version = process.env["CDC_TEST_POSTGRES"];
/** The major version of Postgres that the tests' stacks have. */
export const POSTGRES_MAJOR = version ?? "17";
const POSTGRES: Record<string, string> = version === undefined ? {} : { postgresVersion: version };

/** A stack for tests, beside the laptop's, and what tests do to it. */
export class TestStack extends SeparateStack {
  /** Ports on 127.0.0.1 by their settings' names. */
  ports: StackPorts = { postgresPort: 0, kafkaPort: 0, connectPort: 0, consumerPort: 0 };

  constructor(purpose: string) {
    super(`test-${purpose}`);
  }

  override async create(settings: Record<string, string> = {}): Promise<StackPorts> {
    return (this.ports = await super.create({ coordination: COORDINATION, ...POSTGRES, ...settings }));
  }

  /** Where the backend keeps the state. */
  get stateFile(): string {
    return join(this.backend, ".pulumi", "stacks", "cdc", `${this.name}.json`);
  }

  /** A folder for an `initFolder` of the test's own, which goes with the stack, however the run ends. */
  get initFolder(): string {
    const folder = join(this.backend, "init");
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Does something under settings that are taken back afterwards. */
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

  /** What a person reads when a preview or an up fails for some settings. */
  async refusal(command: "preview" | "up", settings: Record<string, string>): Promise<string> {
    const run = () => (command === "preview" ? this.pulumi("preview") : this.up());
    const text = await this.with(settings, () => run().catch((error: Error) => error));
    if (typeof text === "string") throw new Error(`${command} was to fail:\n${text}`);
    return text.message;
  }

  /** `npm stop` on this stack. */
  stop(): Promise<string> {
    const args = ["toolchain/run.mjs", "commands/stop.ts"];
    return runChild(process.execPath, args, { env: { ...process.env, ...this.environment } });
  }

  /** An `up`, or a start, that is killed with all its processes as soon as the probe says so. */
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

  /** What is being done to which type of resource, and what is there, as the state's file says during a run. */
  state(): { pending: { type: string; of: string }[]; resources: Resource[] } {
    const { latest } = (JSON.parse(readFileSync(this.stateFile, "utf8")) as StateFile).checkpoint;
    const pending = latest?.pending_operations ?? [];
    return {
      pending: pending.map(({ type, resource }) => ({ type, of: resource.type })),
      resources: latest?.resources ?? [],
    };
  }
}

/** A container's log, what it wrote to standard error included. */
export async function logs(container: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)("docker", ["logs", container], { maxBuffer: 1 << 26 });
  return stdout + stderr;
}
