/**
 * A port on which no program listens, and which cannot be opened all the same: the system has given it to an outgoing connection of some
 * program. Linux gives out 32768 to 60999, and keeps a port for 60 s after the end of such a connection.
 */
import { poll } from "../poll";
import { isFree, ownerOf, portHolder, portSockets } from "./port-holder";

/** Who has a port. */
export interface Holder {
  /** As in "taken by process 4711 (postgres)". */
  by: string;
  /** Whether the system frees it soon by itself. */
  passes: boolean;
}

/** How long to wait for a port that may become free by itself, in milliseconds. */
export interface Patience {
  /** For a connection that goes on: most are short. */
  goingOnMs: number;
  /** For one that has ended: the system's 60 s, and some. */
  endedMs: number;
}

export const PATIENT: Patience = { goingOnMs: 5000, endedMs: 65_000 };
export const AT_ONCE: Patience = { goingOnMs: 0, endedMs: 0 };

/**
 * Who has a port, after a wait where it may become free by itself.
 *
 * @param tell gets, once, what this waits for
 * @returns undefined where the port is free, or has become so
 */
export async function takenBy(
  port: number,
  { goingOnMs, endedMs }: Patience,
  tell: (text: string) => void = () => undefined,
): Promise<Holder | undefined> {
  const begun = Date.now();
  let told = false;
  return poll<Holder | undefined>(
    async () => {
      if (await isFree(port)) return { done: true, value: undefined };
      const lent = await lentTo(port);
      // Given back between the two looks, or listened on.
      if (lent === undefined)
        return { done: true, value: (await isFree(port)) ? undefined : { by: await portHolder(port), passes: false } };
      if (Date.now() - begun >= (lent.passes ? endedMs : goingOnMs)) return { done: true, value: lent };
      if (!told) tell(`Port ${port} is taken by ${lent.by}; waiting until the system has it back.`);
      told = true;
      return { done: false, seen: lent.by };
    },
    { what: `port ${port}`, deadlineMs: 2 * Math.max(goingOnMs, endedMs) },
  );
}

/** Undefined where somebody listens, or the system does not tell. */
async function lentTo(port: number): Promise<Holder | undefined> {
  const sockets = await portSockets(port);
  if (sockets.length === 0 || sockets.some(({ isListening }) => isListening)) return undefined;
  const lasting = sockets.filter(({ endsInMs }) => endsInMs === undefined);
  if (lasting.length > 0) {
    const owner = (await ownerOf(lasting)) ?? "another program";
    return { by: `${owner} for a connection that it has made`, passes: false };
  }
  const seconds = Math.ceil(Math.max(...sockets.map(({ endsInMs = 0 }) => endsInMs)) / 1000);
  return { by: `a connection that has ended, for ${seconds} s more`, passes: true };
}
