/** What a fault is. */
import type { SourceDatabase } from "../../../components/connector/connector-types";
import type { Service } from "../../look/containers-look";
import type { Random } from "../random";

/** What a fault is done to. */
export interface Place {
  /** Name of a service's container: of several one, the same for the whole of a stroke. */
  container(service: Service): string;
  /** Names of all of a service's containers. */
  containers(service: Service): string[];
  network: string;
  database: SourceDatabase;
  connectUrl: string;
  /** What Kafka Connect wants with a change of offsets. */
  connectToken(): Promise<string>;
  connectorName: string;
  slotName: string;
  /** The connector's role. */
  role: string;
  /** `npm start` on this stack. */
  start(): Promise<void>;
  /** The same with `snapshotMode` when_needed, which is what is said of changes that are lost. */
  readAgain(): Promise<void>;
  /** `pulumi up` on this stack, killed with all its processes after so many ms. */
  killedUp(afterMs: number): Promise<void>;
  /** Has a row written that the handler throws on. */
  poison(): Promise<void>;
}

/** One fault with all that chance decides. */
export interface Stroke {
  /** What it is done to: `kafka and connect`, `20 s`. Empty where the name says it all. */
  target: string;
  inject(place: Place): Promise<void>;
  /** How long it stays broken before somebody ends it. @default 0 */
  lastsMs?: number;
  /** Ends it. Undefined: nobody does, the stack has to recover by itself. */
  heal?(place: Place): Promise<void>;
}

/** `read again`: changes are lost. That has to be said, and all rows are read again as it says. */
export type Hands = "none" | "npm start" | "read again";

export interface Fault {
  /** As `--only` takes it. */
  name: string;
  /** One sentence: what is done. */
  what: string;
  /** What a person has to do afterwards for all to be well again. What merely ends the fault itself is none of it. */
  hands: Hands;
  plan(random: Random): Stroke;
}
