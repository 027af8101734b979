import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { stackLabels } from "./container";

export interface NetworkArgs {
  /** `<project>-<stack>`: the network is called `<prefix>-net`. */
  prefix: string;
}

/** The network that the stack's containers share, on which they find each other by name. */
export class Network extends pulumi.ComponentResource {
  readonly networkName: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cdc:index:Network", name, args, opts);
    const network = new docker.Network(
      `${name}-bridge`,
      { name: `${args.prefix}-net`, driver: "bridge", labels: stackLabels(args.prefix) },
      { parent: this },
    );
    this.networkName = network.name;
    this.registerOutputs({ networkName: this.networkName });
  }
}
