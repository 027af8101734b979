import type { StackPorts } from "../../commands/processes/free-ports";

/** Who is measured: the compose file the project began as, our containers under compose, the Pulumi program, and that without ZooKeeper. */
export const CONTESTANTS = ["stock", "tuned", "ours", "kraft"] as const;
export type ContestantName = (typeof CONTESTANTS)[number];
/** Who is when nobody is named. */
export const USUAL_CONTESTANTS: readonly ContestantName[] = ["stock", "tuned", "ours"];

/** Where a started contestant is reached from this machine. */
export interface Endpoints {
  databaseUrl: string;
  feedUrl: string;
  connectUrl: string;
}

/** The same for all, but for the ports. */
export function endpointsAt(ports: StackPorts): Endpoints {
  return {
    databaseUrl: `postgres://cdctest:cdctest@127.0.0.1:${ports.postgresPort}/cdctest`,
    feedUrl: `http://127.0.0.1:${ports.consumerPort}`,
    connectUrl: `http://127.0.0.1:${ports.connectPort}`,
  };
}

export interface Contestant {
  readonly name: ContestantName;
  /** What all its Docker objects bear. */
  readonly label: string;
  readonly connectorName: string;
  /** Everything that is made before the clock starts: files, ports, the empty stack. Removes what was there. */
  prepare(tables: string[]): Promise<Endpoints>;
  /** From nothing to a connector that streams. */
  up(): Promise<void>;
  /** The same command once more, with nothing to do. */
  noop(): Promise<void>;
  /** The command that takes it away, data included. */
  down(): Promise<void>;
  /** What its Kafka Connect wants with a config, once it is up; undefined where it takes one from anybody. */
  connectToken(): Promise<string | undefined>;
  /** Takes it away whatever state it is in. */
  remove(): Promise<void>;
}
