import type { Ports } from "../machine/ports";

/**
 * Names of contestants: the compose file as which the project began, our containers under compose, the Pulumi program, and the program without
 * ZooKeeper.
 */
export const CONTESTANTS = ["stock", "tuned", "ours", "kraft"] as const;
/** `other`: the Pulumi program of another revision, with --against. */
export type ContestantName = (typeof CONTESTANTS)[number] | "other";
/** The contestants when none is named. */
export const USUAL_CONTESTANTS: readonly ContestantName[] = ["stock", "tuned", "ours"];

/** Addresses of a started contestant, as this machine reaches it. */
export interface Endpoints {
  databaseUrl: string;
  feedUrl: string;
  connectUrl: string;
}

/** The addresses with these ports. Only the ports differ between contestants. */
export function endpointsAt(ports: Ports): Endpoints {
  return {
    databaseUrl: `postgres://cdctest:cdctest@127.0.0.1:${ports.postgresPort}/cdctest`,
    feedUrl: `http://127.0.0.1:${ports.consumerPort}`,
    connectUrl: `http://127.0.0.1:${ports.connectPort}`,
  };
}

export interface Contestant {
  readonly name: ContestantName;
  /** The label of all its Docker objects. */
  readonly label: string;
  readonly connectorName: string;
  /** Removes what an earlier run left, and makes what is not measured: files, ports, the empty stack. */
  prepare(tables: string[]): Promise<Endpoints>;
  /** Brings it up, from nothing to a connector that streams. */
  up(): Promise<void>;
  /** Runs the same command again, with nothing to do. */
  noop(): Promise<void>;
  /** Captures these tables from the next `up` on. Only the Pulumi program has this method and the next. */
  capture?(tables: string[]): Promise<void>;
  /** Runs `npm start` on the running stack. */
  start?(): Promise<void>;
  /** Runs the command that removes it, data included. */
  down(): Promise<void>;
  /** The token that its Kafka Connect requires with a config, once it is up; undefined when it requires none. */
  connectToken(): Promise<string | undefined>;
  /** Removes it, whatever state it is in. */
  remove(): Promise<void>;
}
