import { cpus, release, totalmem } from "node:os";
import type { Checkout } from "../checkout/checkout";
import { STACK_LABEL } from "../checkout/stack";
import { docker } from "./docker";

/** The facts about this machine on which the figures depend. */
export interface Machine {
  cores: number;
  memoryGiB: number;
  processor: string;
  kernel: string;
  docker: string;
  /** Version of compose; undefined when it was not needed. */
  compose: string | undefined;
  pulumi: string;
  node: string;
  date: string;
}

export async function machine(checkout: Checkout, compose: string | undefined): Promise<Machine> {
  const all = cpus();
  const [engine = ""] = await docker("version", "--format", "{{.Server.Version}}");
  return {
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    processor: all[0]?.model.trim() ?? "unknown",
    kernel: release(),
    docker: engine,
    compose,
    pulumi: (await checkout.run("pulumi", ["version"])).trim(),
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
  };
}

/** Other running stacks, which disturb the benchmark. */
export async function otherStacks(own: readonly string[]): Promise<string[]> {
  const stacks = await docker("ps", "--filter", `label=${STACK_LABEL}`, "--format", `{{.Label "${STACK_LABEL}"}}`);
  return [...new Set(stacks)].filter((stack) => !own.includes(`${STACK_LABEL}=${stack}`));
}
