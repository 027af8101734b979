import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeLabelled } from "../machine/docker";
import { freePorts, type Ports } from "../machine/ports";
import type { Checkout } from "./checkout";

/** The label of all Docker objects of a stack. Its value is `<project>-<stack>`. */
export const STACK_LABEL = "cdc.stack";

/** A stack of a checkout, with a name, ports and a backend of its own, driven by Pulumi's CLI. */
export class Stack {
  readonly name: string;
  readonly label: string;
  private readonly backend: string;

  constructor(
    private readonly checkout: Checkout,
    purpose: string,
  ) {
    this.name = `${purpose}-${checkout.word}`;
    this.label = `${STACK_LABEL}=cdc-${this.name}`;
    this.backend = join(tmpdir(), `cdc-${this.name}`);
  }

  /** Removes what an earlier run left, and makes the empty stack. @param initSql SQL that runs when the database is made */
  async create(initSql: string, settings: Record<string, string>): Promise<Ports> {
    await this.remove();
    mkdirSync(this.backend, { recursive: true });
    const initFolder = `dist/bench/${this.name}`;
    mkdirSync(join(this.checkout.folder, initFolder), { recursive: true });
    writeFileSync(join(this.checkout.folder, initFolder, "01-tables.sql"), initSql);
    const ports = await freePorts();
    await this.checkout.run("pulumi", ["stack", "init", this.name, "--no-select", "--non-interactive"], this.variables);
    const numbers = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]));
    await this.set({ ...numbers, initFolder, ...settings });
    return ports;
  }

  async set(settings: Record<string, string>): Promise<void> {
    const pairs = Object.entries(settings).flatMap(([name, value]) => ["--plaintext", `cdc:${name}=${value}`]);
    await this.pulumi("config", "set-all", ...pairs);
  }

  async up(...args: string[]): Promise<void> {
    await this.pulumi("up", "--yes", "--skip-preview", ...args);
  }

  async destroy(): Promise<void> {
    await this.pulumi("destroy", "--yes", "--skip-preview");
  }

  /** Runs `npm start` on this stack. */
  async start(): Promise<void> {
    await this.checkout.npm(["start"], this.variables);
  }

  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.pulumi("stack", "output", "--json", "--show-secrets")) as Record<string, unknown>;
  }

  /** The state, with secrets in plain text. */
  async exported(): Promise<unknown> {
    return JSON.parse(await this.pulumi("stack", "export", "--show-secrets"));
  }

  /** Removes everything without Pulumi, whatever state an earlier run has left. */
  async remove(): Promise<void> {
    await removeLabelled(this.label);
    for (const path of [this.backend, join(this.checkout.folder, `Pulumi.${this.name}.yaml`)]) {
      rmSync(path, { recursive: true, force: true });
    }
  }

  private pulumi(...args: string[]): Promise<string> {
    return this.checkout.run("pulumi", [...args, "--stack", this.name, "--non-interactive"], this.variables);
  }

  private get variables(): Record<string, string> {
    return {
      // Without files of metadata, as in Pulumi.yaml: so the state survives a run that is killed at any time.
      PULUMI_BACKEND_URL: `file://${this.backend}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_STACK: this.name,
    };
  }
}
