import { cpus, release, totalmem } from "node:os";
import { runChild } from "../processes/child";
import { docker } from "../processes/docker";

/** The facts about this machine on which measured figures depend. */
export interface Machine {
  cores: number;
  memoryGiB: number;
  processor: string;
  kernel: string;
  docker: string;
  pulumi: string;
  node: string;
  date: string;
}

export async function machine(): Promise<Machine> {
  const all = cpus();
  return {
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    processor: all[0]?.model.trim() ?? "unknown",
    kernel: release(),
    docker: await docker("version", "--format", "{{.Server.Version}}"),
    pulumi: await pulumiVersion(),
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
  };
}

async function pulumiVersion(): Promise<string> {
  try {
    return (await runChild("pulumi", ["version"])).trim();
  } catch (cause) {
    throw new Error("There is no Pulumi CLI on PATH; `npm run` puts it there.", { cause });
  }
}
