import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { allDeclared, mockEngine, type Recorded } from "./mocks";

export type { Recorded } from "./mocks";

/**
 * The resources that the program declares, and its outputs, with the defaults of Pulumi.yaml and these settings. The test mocks what looks at this
 * machine: components/preflight/preflight.
 */
export async function declaredWith(
  settings: Record<string, string>,
): Promise<{ recorded: Recorded[]; outputs: Record<string, unknown> }> {
  const project = parse(readFileSync("Pulumi.yaml", "utf8")) as { config: Record<string, { default: unknown }> };
  const defaults = Object.entries(project.config).map(([key, { default: value }]) => [`cdc:${key}`, String(value)]);
  const set = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`cdc:${key}`, value]));
  const recorded = await mockEngine("cdc", { ...Object.fromEntries(defaults), ...set });
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const program = require("../../../index") as () => Promise<Record<string, unknown>>;
  const outputs = await program();
  await allDeclared();
  return { recorded, outputs };
}
