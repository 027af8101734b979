import { batchScheduled } from "./batch-scheduling";

/** Settings of one Java process. */
export interface JavaArgs {
  /** The image's file with class path and options: `/kafka/config/<options>.args`. */
  options: "kafka" | "connect";
  /** The image's ahead-of-time cache: `/kafka/aot/<cache>.aot`. One that is missing costs seconds, and no more. */
  cache: "zookeeper" | "server" | "connect";
  /** Heap in MiB at most. */
  heapMb: number;
  /** How much of it in MiB is for new objects. @default a third */
  youngMb?: number;
  main: string;
  propertiesFile: string;
}

/** The command that starts one of the image's programs. What its cache depends on stands in the image: `*.args`. */
export function javaCommand(args: JavaArgs): string[] {
  return batchScheduled([
    "java",
    `@/kafka/config/${args.options}.args`,
    `-XX:AOTCache=/kafka/aot/${args.cache}.aot`,
    `-Xmx${args.heapMb}m`,
    ...(args.youngMb === undefined ? [] : [`-Xmn${args.youngMb}m`]),
    args.main,
    args.propertiesFile,
  ]);
}
