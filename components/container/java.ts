import * as pulumi from "@pulumi/pulumi";
import { batchScheduled } from "./batch-scheduling";
import type { LogLevel } from "../../consumer/log-level";

/** Settings of one Java process. */
export interface JavaArgs {
  /** The image's file with class path and options: `/kafka/config/<options>.args`. */
  options: "kafka" | "connect";
  /** The image's ahead-of-time cache: `/kafka/aot/<cache>.aot`. One that is missing costs seconds, and no more. */
  cache: "zookeeper" | "server" | "connect";
  /** Whether a jar of the image is another one than the cache was made with, which then is of no use. @default false */
  changed?: boolean;
  /** Heap in MiB at most. */
  heapMb: number;
  /** How much of it in MiB is for new objects: at first, and at most, for a collector that gives them more by and by. @default a third */
  youngMb?: { first: number; most: number };
  /** What it logs at least; the image's options say "info". @default "info" */
  logLevel?: LogLevel;
  main: string;
  /** Its configuration, as the text of a properties file. */
  properties: pulumi.Input<string>;
  /** Shell commands that run before it. @default none */
  prepare?: string;
}

/** What of a container starts one of the image's programs. What its cache depends on stands in the image: `*.args`. */
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
    // By the environment, since an upload makes the engine mount the container once more before it starts: 0.07 s each,
    // three times one after the other.
    command: batchScheduled(
      command,
      `${args.prepare ? `${args.prepare}; ` : ""}printf %s "$PROPERTIES" > ${file}; unset PROPERTIES`,
    ),
    envs: [pulumi.interpolate`PROPERTIES=${args.properties}`],
    // The libraries that pack and unpack records put their native halves there and load them: what is mounted there must
    // be allowed to be run, which it is not by default.
    tmpfs: { "/tmp": "exec,nosuid,nodev,size=64m,mode=1777" },
  };
}
