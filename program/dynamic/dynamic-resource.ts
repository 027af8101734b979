import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { bundle } from "../bundle.cjs";
import { providerOptions } from "../provider-options.cjs";
import { packageRoot, PROVIDERS } from "../package-root";
import { packed } from "./packed";

/**
 * Pulumi's provider process for dynamic resources. The engine starts one by itself at the first such resource, and does
 * nothing else meanwhile; one that is declared starts beside the containers.
 */
export class DynamicProvider extends pulumi.ProviderResource {
  constructor(name: string, opts?: pulumi.ResourceOptions) {
    super("pulumi-nodejs", name, {}, opts);
  }
}

/**
 * A dynamic resource: the engine runs its verbs in a provider process of Pulumi's, also at `destroy`, when the program
 * does not run.
 *
 * That process asks for no more than a type below `pulumi-nodejs:dynamic` and, as `__provider`, the text of a module
 * whose `handler` gives the provider; both stand in the state. `pulumi.dynamic.Resource` makes that text with a
 * serializer that breaks ordinary code silently (class fields, `extends Error`, `Map`, `Date`) and takes half a second
 * of every run. Here esbuild bundles the module, as it would any program.
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

/** The engine reads what it imports without the text that is the provider (3.276, pulumi/pulumi#16175), and fails on that. */
function notImported(name: string): pulumi.RunError {
  return new pulumi.RunError(
    `${name} has the option import, which Pulumi cannot follow for a dynamic resource. Take it away: what is there under the resource's ` +
      "name is taken over by the next up, and its preview says what that changes.",
  );
}

/** The module and all it imports from this project as one text. Packages stay `require`d: they are found from the project. */
export async function providerText(entry: string): Promise<string> {
  const bundled = join(packageRoot(), PROVIDERS, `${entry.replaceAll("/", "-")}.js`);
  if (existsSync(bundled)) return readFile(bundled, "utf8");
  const { outputs } = await bundle(entry.replaceAll("/", "-"), providerOptions(entry));
  return outputs[0]!.text;
}
