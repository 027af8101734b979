import { cpus, release, totalmem } from "node:os";
import { STACK_LABEL } from "../../components/container/labels";
import { runChild } from "../processes/child";
import { docker } from "../processes/docker";

/** What the figures depend on. */
export interface Machine {
  cores: number;
  memoryGiB: number;
  processor: string;
  kernel: string;
  docker: string;
  /** Undefined when none was needed. */
  compose: string | undefined;
  pulumi: string;
  node: string;
  date: string;
}

export async function machine(compose: string | undefined): Promise<Machine> {
  const all = cpus();
  return {
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    processor: all[0]?.model.trim() ?? "unknown",
    kernel: release(),
    docker: await docker("version", "--format", "{{.Server.Version}}"),
    compose,
    pulumi: await pulumiVersion(),
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
  };
}

async function pulumiVersion(): Promise<string> {
  try {
    return (await runChild("pulumi", ["version"])).trim();
  } catch (cause) {
    throw new Error("There is no Pulumi CLI on PATH; `npm run bench` puts it there.", { cause });
  }
}

/** Stacks that run beside the benchmark's own and disturb it. */
export async function otherStacks(own: readonly string[]): Promise<string[]> {
  const text = await docker("ps", "--filter", `label=${STACK_LABEL}`, "--format", `{{.Label "${STACK_LABEL}"}}`);
  return [...new Set(text.split("\n").filter(Boolean))].filter((stack) => !own.includes(`${STACK_LABEL}=${stack}`));
}
