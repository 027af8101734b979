import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { StackOutputs } from "../../commands/stack";

const run = promisify(execFile);
const LABEL = "cdc.stack";

/**
 * A stack for tests: its own name, ports and backend, so that it runs beside the laptop's. Its name depends on the
 * checkout only: what a killed run left is found and removed by the next one.
 */
export class TestStack {
  readonly name: string;
  readonly prefix: string;
  private readonly backend: string;
  private readonly config: string;

  constructor(purpose: string) {
    const place = createHash("sha256").update(process.cwd()).digest("hex").slice(0, 6);
    this.name = `test-${purpose}-${place}`;
    this.prefix = `cdc-${this.name}`;
    this.backend = join(tmpdir(), this.prefix);
    this.config = `Pulumi.${this.name}.yaml`;
  }

  /** Removes what an earlier run left, and makes the empty stack. */
  async create(settings: Record<string, string> = {}): Promise<void> {
    await this.remove();
    mkdirSync(this.backend, { recursive: true });
    const [postgresPort, kafkaPort, connectPort, consumerPort] = await freePorts(4);
    const values = { postgresPort, kafkaPort, connectPort, consumerPort, ...settings };
    const lines = Object.entries(values).map(([key, value]) => `  cdc:${key}: ${JSON.stringify(value)}`);
    writeFileSync(this.config, ["config:", ...lines, ""].join("\n"));
    await this.pulumi("stack", "init", this.name, "--no-select");
  }

  /** Makes the CLI, and what runs it, take this stack for the one that is selected. */
  get environment(): Record<string, string> {
    return {
      PULUMI_BACKEND_URL: `file://${this.backend.replaceAll("\\", "/")}`,
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_STACK: this.name,
    };
  }

  /** Runs the CLI on this stack. @returns its output; the error of a failed run holds it too */
  async pulumi(...args: string[]): Promise<string> {
    const stack = args[0] === "stack" && args[1] === "init" ? [] : ["--stack", this.name];
    const env = { ...process.env, ...this.environment };
    try {
      const { stdout } = await run("pulumi", [...args, ...stack, "--non-interactive"], { env, maxBuffer: 1 << 26 });
      return stdout;
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      throw new Error(`pulumi ${args.join(" ")} failed:\n${stdout}\n${stderr}`, { cause: error });
    }
  }

  up(): Promise<string> {
    return this.pulumi("up", "--yes", "--skip-preview");
  }

  destroy(): Promise<string> {
    return this.pulumi("destroy", "--yes", "--skip-preview");
  }

  async outputs(): Promise<StackOutputs> {
    return JSON.parse(await this.pulumi("stack", "output", "--json", "--show-secrets")) as StackOutputs;
  }

  /** Names of the stack's containers, volumes and networks that are there. */
  async objects(): Promise<string[]> {
    const filter = ["--filter", `label=${LABEL}=${this.prefix}`];
    const lists = await Promise.all([
      docker("ps", "--all", ...filter, "--format", "{{.Names}}"),
      docker("volume", "ls", ...filter, "--format", "{{.Name}}"),
      docker("network", "ls", ...filter, "--format", "{{.Name}}"),
    ]);
    return lists.flatMap((text) => text.split("\n").filter(Boolean)).sort();
  }

  /** Takes everything away without Pulumi: works whatever state an earlier run was left in. */
  async remove(): Promise<void> {
    const filter = ["--filter", `label=${LABEL}=${this.prefix}`, "--quiet"];
    const ids = async (...args: string[]) => (await docker(...args, ...filter)).split("\n").filter(Boolean);
    const containers = await ids("ps", "--all");
    if (containers.length > 0) await docker("rm", "--force", ...containers);
    const volumes = await ids("volume", "ls");
    if (volumes.length > 0) await docker("volume", "rm", ...volumes);
    const networks = await ids("network", "ls");
    if (networks.length > 0) await docker("network", "rm", ...networks);
    rmSync(this.backend, { recursive: true, force: true });
    rmSync(this.config, { force: true });
  }
}

export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await run("docker", args, { maxBuffer: 1 << 26 });
  return stdout.trim();
}

/** Ports that nobody holds now, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
