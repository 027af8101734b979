import { allDeclared, mockEngine, type Recorded } from "./mocks";

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
  const recorded = await mockEngine(project, settings);
  const program = (await import(`../../../${module}`)) as Record<string, unknown>;
  const main = program["default"];
  const exported = typeof main === "function" ? ((await main()) as Record<string, unknown>) : program;
  await allDeclared();
  return { recorded, exported };
}
