import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

/** One resource as the Pulumi program declares it, every value known, secrets in plain text. */
export interface Declared {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/**
 * What the Pulumi program declares for these settings, without an engine: the program itself runs, so containers,
 * properties files, flags and connector config are its own and no copy.
 *
 * @param settings override the defaults of Pulumi.yaml
 */
export async function declaredBy(stack: string, settings: Record<string, string | number>): Promise<Declared[]> {
  const declared: Declared[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        declared.push({ type, name, inputs: plain(inputs) as Record<string, unknown> });
        return { id: id || `${name}-id`, state: { ...inputs, ...knownAfterwards(type, inputs) } };
      },
      call: ({ token }) => {
        // Nothing was applied before.
        if (token === "pulumi:pulumi:readStackResourceOutputs") return { outputs: {} };
        throw new Error(`the program calls ${token}, which has no answer without an engine`);
      },
    },
    "cdc",
    stack,
    true,
    "organization",
  );
  pulumi.runtime.setAllConfig({ ...defaults(), ...asConfig(settings) });
  const { default: program } = (await import("../../index")) as unknown as { default: () => Promise<unknown> };
  await program();
  await settled(declared);
  return declared;
}

/** Defaults of Pulumi.yaml, as the engine passes them. */
function defaults(): Record<string, string> {
  const { config } = parse(readFileSync("Pulumi.yaml", "utf8")) as { config: Record<string, { default: unknown }> };
  return asConfig(Object.fromEntries(Object.entries(config).map(([key, { default: value }]) => [key, String(value)])));
}

function asConfig(settings: Record<string, string | number>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`cdc:${key}`, String(value)]));
}

function knownAfterwards(type: string, inputs: Record<string, unknown>): Record<string, unknown> {
  return type.endsWith("Capture") ? { captured: inputs["tables"], generated: [], tableIds: {} } : {};
}

/** Resources are registered in turns of the event loop: done when a while goes by without a new one. */
async function settled(declared: Declared[]): Promise<void> {
  for (let seen = -1; seen !== declared.length;) {
    seen = declared.length;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** The key under which the engine wraps a secret. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Pure: the same value with every secret unwrapped. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value) return plain((value as unknown as { value: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
