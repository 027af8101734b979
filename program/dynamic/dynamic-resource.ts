import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { bundle } from "../bundle.cjs";
import { providerOptions } from "../provider-options.cjs";
import { packageRoot, PROVIDERS } from "../package-root";
import { packed } from "./packed";

/**
 * Pulumi's provider process for dynamic resources. Without a declaration, the engine starts it at the first such resource, and does nothing else
 * meanwhile. A declared one starts beside the containers.
 */
export class DynamicProvider extends pulumi.ProviderResource {
  constructor(name: string, opts?: pulumi.ResourceOptions) {
    super("pulumi-nodejs", name, {}, opts);
  }
}

/**
 * A dynamic resource: the engine runs its verbs in a provider process of Pulumi's, also at `destroy`, when the program does not run.
 *
 * That process requires only a type below `pulumi-nodejs:dynamic` and, as `__provider`, the text of a module whose `handler` returns the provider.
 * Both are in the state. `pulumi.dynamic.Resource` makes the text with a serializer that silently breaks ordinary code (class fields,
 * `extends Error`, `Map`, `Date`) and takes half a second of every run. Here esbuild bundles the module, as it would any program.
 */
export class DynamicResource extends pulumi.CustomResource {
  /**
   * @param entry the provider's module without extension, relative to the project; it exports `handler`
   * @param type as in `debezium:Connector`
   */
  constructor(
    entry: string,
    type: string,
    name: string,
    props: pulumi.Inputs,
    opts: pulumi.CustomResourceOptions | undefined,
  ) {
    if (opts?.import !== undefined) throw notImported(name);
    super(`pulumi-nodejs:dynamic/${type}`, name, { ...props, __provider: providerText(entry).then(packed) }, opts);
  }
}

/** The error for an import. The engine reads an imported resource without the text of its provider, and fails (3.276, pulumi/pulumi#16175). */
function notImported(name: string): pulumi.RunError {
  return new pulumi.RunError(
    `${name} has the option import, which Pulumi cannot follow for a dynamic resource. Take it away: what is there under the resource's ` +
      "name is taken over by the next up, and its preview says what that changes.",
  );
}

/** The module, with all that it imports from this project, as one text. Packages stay `require`d: they are found from the project. */
export async function providerText(entry: string): Promise<string> {
  const bundled = join(packageRoot(), PROVIDERS, `${entry.replaceAll("/", "-")}.js`);
  if (existsSync(bundled)) return readFile(bundled, "utf8");
  const { outputs } = await bundle(entry.replaceAll("/", "-"), providerOptions(entry));
  return outputs[0]!.text;
}
