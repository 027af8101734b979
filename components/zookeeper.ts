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

/** The ZooKeeper in which the Kafka broker keeps its metadata. It can be reached only on the stack's network. */
export class ZooKeeper extends pulumi.ComponentResource {
  /** Address on the stack's network. */
  readonly address: pulumi.Output<string>;
  readonly container: docker.Container;

  constructor(name: string, args: ZooKeeperArgs, opts?: pulumi.ComponentResourceOptions) {
    const { image: _image, imageIds: _ids, network: _network, ...own } = args;
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
        // ZooKeeper survives a kill by design. It gets a signal that it ignores, and the kill a second later: a broker that stops at the
        // same time still needs it, and without it would go on looking for it until its own time is over.
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
    // The broker's session has to be 2 to 20 ticks long: ticks of 2 s allow 4 to 40 s.
    tickTime: 2000,
    maxClientCnxns: 0,
    "admin.enableServer": false,
    "autopurge.snapRetainCount": 3,
    "autopurge.purgeInterval": 24,
  });
}
