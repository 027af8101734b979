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
  /** Name of the volume of a service that has one, of several as its container. */
  volume(service: Service): string;
  network: string;
  database: SourceDatabase;
  /** `host:port` of the brokers, separated by commas. */
  broker: string;
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
  /** Reads what topics of tables hold that are about to be lost. */
  keepTold(topics: readonly string[]): Promise<void>;
  /** The same of the dead letters. */
  keepLetters(): Promise<void>;
  /** Fills the disk of the database's or the broker's volume, and frees it. */
  fillDisk(service: Service): Promise<void>;
  freeDisk(service: Service): Promise<void>;
  /** Has all disks lose what is not written to them yet, with all containers killed; then starts these again. */
  cutPower(): Promise<void>;
  /** Restarts the engine by the command that was given, and resolves when it answers again. */
  restartEngine(): Promise<void>;
}

/** One fault with all that chance decides. */
export interface Stroke {
  /** What it is done to: `kafka and connect`, `20 s`. Empty where the name says it all. */
  target: string;
  /** What takes a while before anything is lost: how soon that is said is counted from after it. */
  prepare?(place: Place): Promise<void>;
  inject(place: Place): Promise<void>;
  /** How long it stays broken before somebody ends it. @default 0 */
  lastsMs?: number;
  /** Ends it. Undefined: nobody does, the stack has to recover by itself. */
  heal?(place: Place): Promise<void>;
}

/** `small`: full after some hundred MB. `cut`: their power can be cut. */
export type Disks = "small" | "cut";

/** `read again`: changes are lost. That has to be said, and all rows are read again as it says. */
export type Hands = "none" | "npm start" | "read again";

/** What a run was asked for, as far as it decides which faults there can be. */
export interface Asked {
  /** Settings of the stack that were given. */
  set: Readonly<Record<string, string>>;
  cluster: boolean;
  /** The shell command that restarts the engine; undefined: none was given. */
  engineRestart?: string;
}

export interface Fault {
  /** As `--only` takes it. */
  name: string;
  /** One sentence: what is done. */
  what: string;
  /** What a person has to do afterwards for all to be well again. What merely ends the fault itself is none of it. */
  hands: Hands;
  /** Where `npm start` mends it and changes are lost all the same. That has to be said by `/healthz`. */
  loses?: true;
  /** It comes only where it is named: it needs more of the machine, or another stack, than is anybody's. */
  onlyNamed?: true;
  /** What its volumes have to be. @default those of any stack */
  disks?: Disks;
  /** Why it cannot be done here, asked before anything is made; undefined: it can. */
  refused?(asked: Asked): Promise<string | undefined>;
  plan(random: Random): Stroke;
}

/** Whether changes may be missing after it that no reader can get any more. */
export function isLossy({ hands, loses }: Pick<Fault, "hands" | "loses">): boolean {
  return hands === "read again" || loses === true;
}
