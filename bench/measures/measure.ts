import { Client } from "pg";
import type { Contestant, ContestantName, Endpoints } from "../contestants/contestant";
import { containersOf } from "../machine/docker";
import type { Feed } from "./instruments/feed";

/** A measured number, with details of how it was measured. */
export interface Sample {
  contestant: ContestantName;
  round: number;
  figure: string;
  value: number;
  detail?: unknown;
}

/** Length of each part, in seconds or in rows. */
export interface Durations {
  warmSeconds: number;
  sparseSeconds: number;
  idleSeconds: number;
  drainRows: number;
  snapshotRows: number;
  addedRows: number;
}

export const FULL: Durations = {
  warmSeconds: 30,
  sparseSeconds: 30,
  idleSeconds: 30,
  drainRows: 1_000_000,
  snapshotRows: 1_000_000,
  addedRows: 500_000,
};
export const QUICK: Durations = { ...FULL, warmSeconds: 10, sparseSeconds: 6 };

/** What every measure gets: a contestant that is up, or is about to be brought up. */
export interface Run {
  contestant: Contestant;
  endpoints: Endpoints;
  feed: Feed;
  durations: Durations;
  signal: AbortSignal;
  say(text: string): void;
  record(figure: string, value: number, detail?: unknown): void;
}

/** Calls `work` with a connection to the contestant's database. */
export async function withClient<T>(run: Run, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: run.endpoints.databaseUrl });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The contestant's containers. @throws unless all five run */
export async function fiveContainers(run: Run): Promise<Map<string, string>> {
  const containers = await containersOf(run.contestant.label);
  if (containers.size !== 5) {
    throw new Error(
      `${run.contestant.name} should run five containers; there are: ${[...containers.values()].join(", ")}`,
    );
  }
  return containers;
}

/** Runs some work. @returns the seconds that it took */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
