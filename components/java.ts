/** Settings of one Java process. */
export interface JavaArgs {
  /** Heap in MiB, at the start and at most. */
  heapMb: number;
  main: string;
  propertiesFile: string;
}

/** The command that starts one of the image's programs. A serial collector: cheapest on a laptop's few cores. */
export function javaCommand(args: JavaArgs): string[] {
  return [
    "java",
    `-Xmx${args.heapMb}m`,
    "-XX:+UseSerialGC",
    "-XX:+ExitOnOutOfMemoryError",
    "-Dlog4j.configuration=file:/kafka/config/log4j.properties",
    "-cp",
    "/kafka/libs/*",
    args.main,
    args.propertiesFile,
  ];
}

/** A health check without a further program: bash opens the port itself. */
export function answersTcp(port: number): string {
  return `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}'`;
}
