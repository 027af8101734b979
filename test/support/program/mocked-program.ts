import { allDeclared, mockEngine, type Recorded } from "./mocks";

/**
 * The resources that another program declares under Pulumi's mocks, and its exports.
 *
 * @param module relative to the project, such as `examples/two-databases/index`
 * @param settings by their whole keys, such as `orders:connectUrl`
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
