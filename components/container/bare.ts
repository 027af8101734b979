import type * as pulumi from "@pulumi/pulumi";

/**
 * An output's value once it is known, without the dependency that Pulumi attaches to it. At a destroy the engine deletes
 * dependents first, layer by layer, and waits for each layer. Use this where one resource has to be made before another, but
 * both may be deleted at the same time.
 *
 * @param output one that a preview knows, such as a name or a URN; for any other, the promise never resolves
 */
export function bare<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** For `dependsOn`: the dependent is made after this resource, and both are deleted in any order. */
export async function after(resource: pulumi.Resource): Promise<pulumi.Resource[]> {
  await bare(resource.urn);
  return [];
}
