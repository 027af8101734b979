import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

export interface Recorded {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/**
 * What the program declares, and its outputs, with the defaults of Pulumi.yaml but for these settings. The test mocks what
 * asks this machine: components/preflight.
 */
export async function declaredWith(
  settings: Record<string, string>,
): Promise<{ recorded: Recorded[]; outputs: Record<string, unknown> }> {
  const recorded: Recorded[] = [];
  const project = parse(readFileSync("Pulumi.yaml", "utf8")) as { config: Record<string, { default: unknown }> };
  const defaults = Object.entries(project.config).map(([key, { default: value }]) => [`cdc:${key}`, String(value)]);
  const set = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`cdc:${key}`, value]));
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        recorded.push({ type, name, inputs });
        const captured = type.endsWith("Capture") ? { captured: inputs["tables"], generated: [], tableIds: {} } : {};
        return { id: id || `${name}-id`, state: { ...inputs, ...captured } };
      },
      call: ({ token }) => {
        // A stack that is made for the first time: its state holds nothing.
        if (token === "pulumi:pulumi:readStackResourceOutputs") return { outputs: {} };
        throw new Error(`unexpected call of ${token}`);
      },
    },
    "cdc",
    "dev",
    true,
    "organization",
  );
  pulumi.runtime.setAllConfig({ ...Object.fromEntries(defaults), ...set });
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const program = require("../../index") as () => Promise<Record<string, unknown>>;
  const outputs = await program();
  for (let seen = -1; seen !== recorded.length;) {
    seen = recorded.length;
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
  }
  return { recorded, outputs };
}
