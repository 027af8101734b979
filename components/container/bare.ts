import type * as pulumi from "@pulumi/pulumi";

/**
 * An output's value once it is there, without the dependency that Pulumi attaches to it. At a destroy the engine deletes
 * dependents first, layer by layer, and waits for each layer. Where one resource has to be made before another, but both may
 * be deleted at the same time, the other takes the first one's value by this.
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
