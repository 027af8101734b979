import type { Ports } from "../machine/ports";

/** Who can be named: the compose file the project began as, our containers under compose, the Pulumi program, and that without ZooKeeper. */
export const CONTESTANTS = ["stock", "tuned", "ours", "kraft"] as const;
/** `other`: the Pulumi program of another revision, with --against. */
export type ContestantName = (typeof CONTESTANTS)[number] | "other";
/** Who is when nobody is named. */
export const USUAL_CONTESTANTS: readonly ContestantName[] = ["stock", "tuned", "ours"];

/** Where a started contestant is reached from this machine. */
export interface Endpoints {
  databaseUrl: string;
  feedUrl: string;
  connectUrl: string;
}

/** The same for all, but for the ports. */
export function endpointsAt(ports: Ports): Endpoints {
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
  /** Captures these tables from the next `up` on. Only of the Pulumi program, as the next. */
  capture?(tables: string[]): Promise<void>;
  /** `npm start` on what runs already. */
  start?(): Promise<void>;
  /** The command that takes it away, data included. */
  down(): Promise<void>;
  /** What its Kafka Connect wants with a config, once it is up; undefined where it takes one from anybody. */
  connectToken(): Promise<string | undefined>;
  /** Takes it away whatever state it is in. */
  remove(): Promise<void>;
}
