import * as pulumi from "@pulumi/pulumi";
import { batchScheduled } from "./batch-scheduling";
import type { LogLevel } from "../../consumer/log-level";

/** Settings of one Java process. */
export interface JavaArgs {
  /** The image's file with class path and options: `/kafka/config/<options>.args`. */
  options: "kafka" | "connect";
  /** The image's ahead-of-time cache: `/kafka/aot/<cache>.aot`. Without it, the start takes some seconds longer. */
  cache: "zookeeper" | "server" | "connect";
  /** Whether a jar of the image differs from the one with which the cache was made. The cache cannot be used then. @default false */
  changed?: boolean;
  /** Heap in MiB at most. */
  heapMb: number;
  /** Size of the heap's part for new objects in MiB: at the start, and the most to which the collector may raise it. @default a third */
  youngMb?: { first: number; most: number };
  /** The log level. The image's options say "info". @default "info" */
  logLevel?: LogLevel;
  main: string;
  /** Its configuration, as the text of a properties file. */
  properties: pulumi.Input<string>;
  /** Shell commands that run before it. @default none */
  prepare?: string;
}

/** Arguments of a container that runs one of the image's programs. Options on which the cache depends are in the image: `*.args`. */
export function javaProgram(args: JavaArgs): {
  command: string[];
  envs: pulumi.Input<string>[];
  tmpfs: Record<string, string>;
} {
  const file = `/tmp/${args.cache}.properties`;
  const command = [
    "java",
    `@/kafka/config/${args.options}.args`,
    ...(args.changed ? [] : [`-XX:AOTCache=/kafka/aot/${args.cache}.aot`]),
    `-Xmx${args.heapMb}m`,
    ...(args.youngMb === undefined
      ? []
      : [`-XX:NewSize=${args.youngMb.first}m`, `-XX:MaxNewSize=${args.youngMb.most}m`]),
    ...(args.logLevel === undefined || args.logLevel === "info"
      ? []
      : [`-Dcdc.log.level=${args.logLevel.toUpperCase()}`]),
    args.main,
    file,
  ];
  return {
    // The properties come by the environment. For an uploaded file, the engine mounts the container once more before it starts: 0.07 s
    // each, three times one after the other.
    command: batchScheduled(
      command,
      `${args.prepare ? `${args.prepare}; ` : ""}printf %s "$PROPERTIES" > ${file}; unset PROPERTIES`,
    ),
    envs: [pulumi.interpolate`PROPERTIES=${args.properties}`],
    // The libraries that compress records write their native code to /tmp and load it. So the mount needs `exec`, which is not the
    // default.
    tmpfs: { "/tmp": "exec,nosuid,nodev,size=64m,mode=1777" },
  };
}
