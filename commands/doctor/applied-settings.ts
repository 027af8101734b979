import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import type { CaptureOutputs } from "../../components/capture/capture-types";
import type { ConnectorOutputs } from "../../components/connector/connector-types";
import { stateFile, stateFolder } from "../../program/state-folder.cjs";
import { projectName } from "../stack/project-name";
import { cliName } from "../stack/stack-names";

/** The settings that were applied last, from the stack's state. It leaves out passwords. */
export interface Declared {
  capture: Omit<CaptureOutputs, "adminPassword" | "rolePassword"> | undefined;
  connector: Pick<ConnectorOutputs, "connectorName" | "config" | "state"> | undefined;
}

/** @param prefix `<project>-<stack>` @throws when there is no such state, as in a second clone */
export async function readDeclared(prefix: string, deadlineMs: number): Promise<Declared> {
  return declaredIn(await stateOf(prefix.slice(projectName().length + 1), deadlineMs));
}

/** With a local backend, it reads the state's file: to ask the CLI takes a while, and the CLI may be missing. */
async function stateOf(stack: string, deadlineMs: number): Promise<unknown> {
  const folder = stateFolder(process.env["PULUMI_BACKEND_URL"]);
  if (folder !== undefined) {
    const file = stateFile(folder, projectName(), stack);
    if (!existsSync(file)) throw new Error(`there is no ${file}; was it started from another folder?`);
    return JSON.parse(readFileSync(file, "utf8"));
  }
  const args = ["stack", "export", "--stack", cliName(stack), "--non-interactive"];
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

/** Pure: reads the settings out of a state's file, or out of the output of `pulumi stack export`. */
export function declaredIn(state: unknown): Declared {
  const { checkpoint, deployment } = state as State;
  const resources = (deployment ?? checkpoint?.latest)?.resources ?? [];
  const outputsOf = (type: string) => resources.find((each) => each.type === `pulumi-nodejs:dynamic/${type}`)?.outputs;
  return {
    capture: outputsOf("postgres:Capture") as Declared["capture"],
    connector: outputsOf("debezium:Connector") as Declared["connector"],
  };
}
