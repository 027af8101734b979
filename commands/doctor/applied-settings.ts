import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { CaptureOutputs } from "../../components/capture/capture-types";
import type { ConnectorOutputs } from "../../components/connector/connector-types";
import { stateFolder } from "../../program/state-folder.cjs";
import { projectName } from "../stack/project-name";

/** What was applied last, as the stack's state has it. Passwords are not among it. */
export interface Declared {
  capture: Omit<CaptureOutputs, "adminPassword" | "rolePassword"> | undefined;
  connector: Pick<ConnectorOutputs, "connectorName" | "config" | "state"> | undefined;
}

/** @param prefix `<project>-<stack>` @throws when there is no such state, as in a second clone */
export async function readDeclared(prefix: string, deadlineMs: number): Promise<Declared> {
  return declaredIn(await stateOf(prefix.slice(projectName().length + 1), deadlineMs));
}

/** Of a local backend the file is read: asking the CLI takes a while, and it may not be there. */
async function stateOf(stack: string, deadlineMs: number): Promise<unknown> {
  const folder = stateFolder(process.env["PULUMI_BACKEND_URL"]);
  if (folder !== undefined) {
    const file = join(folder, ".pulumi", "stacks", projectName(), `${stack}.json`);
    if (!existsSync(file)) throw new Error(`there is no ${file}; was it started from another folder?`);
    return JSON.parse(readFileSync(file, "utf8"));
  }
  const args = ["stack", "export", "--stack", stack, "--non-interactive"];
  const { stdout } = await promisify(execFile)("pulumi", args, { timeout: deadlineMs, maxBuffer: 1 << 28 });
  return JSON.parse(stdout);
}

interface State {
  checkpoint?: { latest?: Deployment };
  deployment?: Deployment;
}

interface Deployment {
  resources?: { type: string; outputs?: object }[];
}

/** Pure: from a state's file, or from what `pulumi stack export` prints. */
export function declaredIn(state: unknown): Declared {
  const { checkpoint, deployment } = state as State;
  const resources = (deployment ?? checkpoint?.latest)?.resources ?? [];
  const outputsOf = (type: string) => resources.find((each) => each.type === `pulumi-nodejs:dynamic/${type}`)?.outputs;
  return {
    capture: outputsOf("postgres:Capture") as Declared["capture"],
    connector: outputsOf("debezium:Connector") as Declared["connector"],
  };
}
