import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { bare } from "./container/bare";
import { containerArgs, type StackArgs, volumeArgs, volumeOptions } from "./container/container";
import { answersTcp } from "./container/healthy";
import { javaProgram } from "./container/java";
import type { LogLevel } from "../consumer/log-level";
import { properties } from "./container/properties";

export interface ZooKeeperArgs extends StackArgs {
  image: pulumi.Input<string>;
  /** @default "info" */
  logLevel?: LogLevel;
}

/** The ZooKeeper that the Kafka broker keeps its metadata in. Reachable on the stack's network only. */
export class ZooKeeper extends pulumi.ComponentResource {
  /** Address on the stack's network. */
  readonly address: pulumi.Output<string>;
  readonly container: docker.Container;

  constructor(name: string, args: ZooKeeperArgs, opts?: pulumi.ComponentResourceOptions) {
    const { image: _image, network: _network, ...own } = args;
    super("cdc:index:ZooKeeper", name, own, opts);
    const data = new docker.Volume(`${name}-data`, volumeArgs(args.prefix, "zookeeper-data"), volumeOptions(this));
    this.container = new docker.Container(
      `${name}-container`,
      containerArgs({
        stack: args,
        role: "zookeeper",
        image: args.image,
        memoryMb: 192,
        ...javaProgram({
          options: "kafka",
          cache: "zookeeper",
          heapMb: 64,
          logLevel: args.logLevel,
          main: "org.apache.zookeeper.server.quorum.QuorumPeerMain",
          properties: zookeeperProperties(),
        }),
        volumes: [{ volumeName: bare(data.name), containerPath: "/zookeeper/data" }],
        healthy: answersTcp(CLIENT_PORT),
        // It survives a kill by design. A signal that it ignores, and the kill a second later: a broker that stops with
        // it still needs it meanwhile, and looks for one that is gone as long as it may.
        stopSignal: "SIGURG",
        stopTimeout: 1,
        destroyGraceSeconds: 1,
      }),
      { parent: this },
    );
    this.address = pulumi.output(`zookeeper:${CLIENT_PORT}`);
    this.registerOutputs({ address: this.address });
  }
}

const CLIENT_PORT = 2181;

export function zookeeperProperties(): string {
  return properties("ZooKeeper", {
    dataDir: "/zookeeper/data",
    clientPort: CLIENT_PORT,
    // The broker's session is a multiple of it; 2 s allows 4 to 40 s.
    tickTime: 2000,
    maxClientCnxns: 0,
    "admin.enableServer": false,
    "autopurge.snapRetainCount": 3,
    "autopurge.purgeInterval": 24,
  });
}
