/** The types of a fault. */
import type { SourceDatabase } from "../../../components/connector/connector-types";
import type { Service } from "../../look/containers-look";
import type { Random } from "../random";

/** The stack to which a fault is done. */
export interface Place {
  /** Name of a service's container. With several containers, it is the same one for the whole stroke. */
  container(service: Service): string;
  /** Names of all of a service's containers. */
  containers(service: Service): string[];
  /** Name of the volume of the container that `container` names. */
  volume(service: Service): string;
  network: string;
  database: SourceDatabase;
  /** `host:port` of the brokers, separated by commas. */
  broker: string;
  connectUrl: string;
  /** The token that Kafka Connect requires for a change of offsets. */
  connectToken(): Promise<string>;
  connectorName: string;
  slotName: string;
  /** The connector's role. */
  role: string;
  /** `npm start` on this stack. */
  start(): Promise<void>;
  /** `npm start` with `snapshotMode` when_needed, the remedy that is named for lost changes. */
  readAgain(): Promise<void>;
  /** `pulumi up` on this stack, killed with all its processes after so many ms. */
  killedUp(afterMs: number): Promise<void>;
  /** Writes a row on which the handler throws. */
  poison(): Promise<void>;
  /** Reads topics of tables that are about to be lost, and keeps what they hold. */
  keepTold(topics: readonly string[]): Promise<void>;
  /** The same of the dead letters. */
  keepLetters(): Promise<void>;
  /** Fills the disk of the database's or the broker's volume, and frees it. */
  fillDisk(service: Service): Promise<void>;
  freeDisk(service: Service): Promise<void>;
  /** Kills all containers, has their disks lose what is not written to them yet, then starts the containers again. */
  cutPower(): Promise<void>;
  /** Restarts the engine by the command that was given, and resolves when it answers again. */
  restartEngine(): Promise<void>;
}

/** One fault, with its random choices made. */
export interface Stroke {
  /** The target, or another random choice: `kafka and connect`, `20 s`. Empty where there is no choice. */
  target: string;
  /** Preparations before anything is lost. The time until the loss is reported counts from their end. */
  prepare?(place: Place): Promise<void>;
  inject(place: Place): Promise<void>;
  /** How long it stays broken before somebody ends it. @default 0 */
  lastsMs?: number;
  /** Ends it. Undefined: nobody does, the stack has to recover by itself. */
  heal?(place: Place): Promise<void>;
}

/** Kinds of disks: `small` is full after some hundred MB, and the power of `cut` can be cut. */
export type Disks = "small" | "cut";

/** What a person has to do. `read again`: changes are lost. The stack has to report it, and the remedy reads all rows again. */
export type Hands = "none" | "npm start" | "read again";

/** Options of a run that decide which faults are possible. */
export interface Asked {
  /** Settings of the stack that were given. */
  set: Readonly<Record<string, string>>;
  cluster: boolean;
  /** The shell command that restarts the engine; undefined: none was given. */
  engineRestart?: string;
}

export interface Fault {
  /** The name for `--only`. */
  name: string;
  /** One sentence: what is done. */
  what: string;
  /** What a person has to do afterwards so that all is well again. The end of the fault itself does not count. */
  hands: Hands;
  /** Set when changes are lost though `npm start` mends the fault. `/healthz` has to report the loss. */
  loses?: true;
  /** The fault comes only when `--only` names it: it needs more of the machine, or a special stack. */
  onlyNamed?: true;
  /** The disks that the fault needs. @default those of any stack */
  disks?: Disks;
  /** Why the fault cannot be done here; undefined: it can. Asked before anything is made. */
  refused?(asked: Asked): Promise<string | undefined>;
  plan(random: Random): Stroke;
}

/** Whether changes may be lost by the fault that no reader can get any more. */
export function isLossy({ hands, loses }: Pick<Fault, "hands" | "loses">): boolean {
  return hands === "read again" || loses === true;
}
