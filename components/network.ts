import * as dockerSdk from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { stackLabels } from "./container/container";
import { docker } from "./engine";
import { poll, tried } from "./poll";

export interface NetworkArgs {
  /** `<project>-<stack>`: the network is called `<prefix>-net`. */
  prefix: string;
  /** An image that the containers need as well, and that may take minutes to build. Only after it, anybody needs the network. */
  image: pulumi.Input<string>;
}

/** The network that the stack's containers share, on which they find each other by name. */
export class Network extends pulumi.ComponentResource {
  /** Its name, once the provider is done with it. Resources that depend on it are deleted before it. */
  readonly networkName: pulumi.Output<string>;
  /**
   * Its name, once the engine has it. The provider looks at a new network only after two seconds, for which containers need not
   * wait. When it deletes the network, it waits by itself until no container uses it.
   */
  readonly early: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const { image, ...own } = args;
    super("cdc:index:Network", name, own, opts);
    const networkName = `${args.prefix}-net`;
    const network = new dockerSdk.Network(
      `${name}-bridge`,
      { name: networkName, driver: "bridge", labels: stackLabels(args.prefix) },
      { parent: this },
    );
    this.networkName = network.name;
    this.early = pulumi.runtime.isDryRun()
      ? pulumi.output(networkName)
      : pulumi.output(image).apply(() => existing(networkName));
    this.registerOutputs({ networkName: this.networkName });
  }
}

/** @throws after 30 s; an engine that makes no network fails the resource itself, and says why there */
async function existing(name: string): Promise<string> {
  const what = `the Docker network ${name}`;
  await poll(() => tried(docker(["network", "inspect", "--format", "{{.Id}}", name], 20_000)), {
    what,
    deadlineMs: 30_000,
    intervalMs: 25,
  });
  return name;
}
