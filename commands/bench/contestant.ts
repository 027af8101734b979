/** Who is measured: the seed's own compose file, our containers under compose, and the Pulumi program. */
export const CONTESTANTS = ["stock", "tuned", "ours"] as const;
export type ContestantName = (typeof CONTESTANTS)[number];

/** Where a started contestant is reached from this machine. */
export interface Endpoints {
  databaseUrl: string;
  feedUrl: string;
  connectUrl: string;
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
  /** Takes it away whatever state it is in. */
  remove(): Promise<void>;
}
