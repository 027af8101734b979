import { createHash } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { STACK_LABEL } from "../../components/container/labels";
import { runChild } from "../processes/child";
import { waitForOthers } from "../start/interrupted";
import { objectsLabelled, removeLabelled } from "../processes/docker";
import { endLeftovers } from "../processes/leftovers";
import { freeStackPorts, type StackPorts } from "../processes/free-ports";
import { abandonedStacks, backendOf, noteOwner, takeOver } from "./abandoned";
import type { StackOutputs } from "./stack-outputs";

/** The command of `npm start`, as package.json has it. */
export const START_COMMAND = [process.execPath, ["toolchain/run.mjs", "commands/start.ts"]] as const;

/** A short word that is the same in every run from this checkout, and differs between checkouts. */
export function checkoutWord(): string {
  return createHash("sha256").update(process.cwd()).digest("hex").slice(0, 6);
}

/**
 * A stack beside the user's, with its own name, ports and backend. The name depends only on its purpose and the checkout, so that the next run finds
 * and removes what a killed run left.
 */
export class SeparateStack {
  readonly name: string;
  readonly prefix: string;
  protected readonly backend: string;
  protected readonly config: string;
  /** Further environment variables of all commands on this stack. */
  further: Record<string, string> = {};

  /** @param signal ends a run of Pulumi that is under way */
  constructor(
    purpose: string,
    private readonly signal?: AbortSignal,
  ) {
    this.name = `${purpose}-${checkoutWord()}`;
    this.prefix = `cdc-${this.name}`;
    this.backend = backendOf(this.prefix);
    this.config = configOf(this.prefix);
  }

  /** The label of all its Docker objects. */
  get label(): string {
    return labelOf(this.prefix);
  }

  /** Environment variables by which the CLI, and programs that run it, select this stack. */
  get environment(): Record<string, string> {
    return {
      // The same option as in Pulumi.yaml. With it, the state survives a run that is killed at any time.
      PULUMI_BACKEND_URL: `file://${this.backend.replaceAll("\\", "/")}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_STACK: this.name,
      ...this.further,
    };
  }

  /** Removes what earlier runs left, also those from other checkouts, and makes the empty stack. */
  async create(settings: Record<string, string> = {}): Promise<StackPorts> {
    await this.remove();
    await removeAbandoned();
    noteOwner(this.backend);
    const ports = await freeStackPorts(settings);
    const values = { ...ports, ...settings };
    const lines = Object.entries(values).map(([key, value]) => `  cdc:${key}: ${JSON.stringify(value)}`);
    writeFileSync(this.config, ["config:", ...lines, ""].join("\n"));
    await this.pulumi("stack", "init", this.name, "--no-select");
    return ports;
  }

  /** Runs the CLI on this stack. @returns its output, which is also in the error of a failed run */
  pulumi(...args: string[]): Promise<string> {
    const stack = args[0] === "stack" && args[1] === "init" ? [] : ["--stack", this.name];
    const env = { ...process.env, ...this.environment };
    return runChild("pulumi", [...args, ...stack, "--non-interactive"], { env, signal: this.signal });
  }

  up(...args: string[]): Promise<string> {
    return this.pulumi("up", "--yes", "--skip-preview", ...args);
  }

  /** Runs `npm start` on this stack. @param args further ones, such as `--yes` */
  start(...args: string[]): Promise<string> {
    return runChild(START_COMMAND[0], [...START_COMMAND[1], ...args], {
      env: { ...process.env, ...this.environment },
      signal: this.signal,
    });
  }

  /** Runs an `up` and kills it, with all that it started, after so many ms. Does not kill it when it has ended by then. */
  async killedUp(afterMs: number): Promise<void> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), afterMs);
    const env = { ...process.env, ...this.environment };
    const args = ["up", "--yes", "--skip-preview", "--stack", this.name, "--non-interactive"];
    await runChild("pulumi", args, { env, signal: stop.signal }).catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
    clearTimeout(timer);
  }

  destroy(...args: string[]): Promise<string> {
    return this.pulumi("destroy", "--yes", "--skip-preview", ...args);
  }

  async outputs(): Promise<StackOutputs> {
    return JSON.parse(await this.pulumi("stack", "output", "--json", "--show-secrets")) as StackOutputs;
  }

  /** Names of the stack's containers, volumes and networks in the engine. */
  objects(): Promise<string[]> {
    return objectsLabelled(this.label);
  }

  /** Replaces the state by an empty one, as after `git clean`. The engine still has all objects of the stack. */
  async forget(): Promise<void> {
    // Otherwise a run that goes on would write the state again.
    await waitForOthers(this.backend);
    rmSync(join(this.backend, ".pulumi"), { recursive: true, force: true });
    await this.pulumi("stack", "init", this.name, "--no-select");
  }

  /** Removes everything without Pulumi, whatever state an earlier run has left. */
  async remove(): Promise<void> {
    await endLeftovers();
    await removeStack(this.prefix, this.backend, ".");
  }
}

async function removeAbandoned(): Promise<void> {
  for (const { prefix, backend, checkout, pid } of abandonedStacks().filter(takeOver)) {
    await removeStack(prefix, backend, checkout);
    console.error(`Removed ${prefix}, whose run in ${checkout} (process ${pid}) has ended without doing so.`);
  }
}

/** Removes what the engine, the backend and a checkout have of a stack. */
async function removeStack(prefix: string, backend: string, checkout: string): Promise<void> {
  await removeLabelled(labelOf(prefix));
  rmSync(backend, { recursive: true, force: true });
  rmSync(join(checkout, configOf(prefix)), { force: true });
}

const labelOf = (prefix: string): string => `${STACK_LABEL}=${prefix}`;

/** The file of the stack's settings, in its checkout. */
const configOf = (prefix: string): string => `Pulumi.${prefix.slice("cdc-".length)}.yaml`;
