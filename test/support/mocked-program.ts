import * as pulumi from "@pulumi/pulumi";
import type { Recorded } from "./declared";

/**
 * What a program of other people declares, run under Pulumi's mocks, and what it exports.
 *
 * @param module relative to the project, as in `examples/two-databases/index`
 * @param settings by their whole keys, as in `orders:connectUrl`
 */
export async function declaredBy(
  module: string,
  project: string,
  settings: Record<string, string>,
): Promise<{ recorded: Recorded[]; exported: Record<string, unknown> }> {
  const recorded: Recorded[] = [];
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
    project,
    "dev",
    true,
    "organization",
  );
  pulumi.runtime.setAllConfig(settings);
  const program = (await import(`../../${module}`)) as Record<string, unknown>;
  const main = program["default"];
  const exported = typeof main === "function" ? ((await main()) as Record<string, unknown>) : program;
  // Resources are registered in turns of the event loop: done when a while goes by without a new one.
  for (let seen = -1; seen !== recorded.length;) {
    seen = recorded.length;
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
  }
  return { recorded, exported };
}
