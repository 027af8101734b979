import type * as pulumi from "@pulumi/pulumi";

/**
 * An output's value once it is there, without the dependency that comes with it. The engine deletes what depends before
 * what it depends on, in layers, and waits for each; so what has to be made first, but may go at the same time, is named
 * by this.
 *
 * @param output one that a preview knows, such as a name or a URN: of any other the value never comes
 */
export function bare<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** For `dependsOn`: made after this, and deleted in any order. */
export async function after(resource: pulumi.Resource): Promise<pulumi.Resource[]> {
  await bare(resource.urn);
  return [];
}
