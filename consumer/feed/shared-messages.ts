/**
 * Messages of `/events` that hold changes. Clients with the same filter at the same place are sent the same bytes. So twenty open pages cost twenty
 * writes, and not twenty times the reading and encoding of each change.
 */
import type { Filter } from "../change/filter";
import type { Recent } from "./recent";

/** Most changes in one message. */
export const MOST_AT_ONCE = 1000;
/** Characters of JSON after which a message ends: huge rows are sent in several messages. */
const LARGEST_MESSAGE = 1 << 20;

export interface Message {
  /** Id of the last change that the message holds or leaves out. */
  readonly to: number;
  /** Undefined when the filter lets none of these changes through. */
  readonly bytes: Buffer | undefined;
}

export class SharedMessages {
  /** By the client's place and filter. */
  private readonly made = new Map<string, Message>();

  constructor(
    private readonly recent: Recent,
    private readonly epoch: string,
    private readonly now: () => number,
  ) {}

  /** Drops the messages that were made: no client needs them any more. */
  forget(): void {
    this.made.clear();
  }

  /**
   * @param after id of the last change the client has had; there is a newer one in the ring
   * @param turnEnds monotonic ms: the message ends with the change that is read then
   */
  next(filter: Filter, after: number, turnEnds: number): Message {
    const place = `${after} ${keyOf(filter)}`;
    const known = this.made.get(place);
    if (known !== undefined) return known;
    const message = this.make(filter, after, turnEnds);
    this.made.set(place, message);
    return message;
  }

  private make(filter: Filter, after: number, turnEnds: number): Message {
    const { recent } = this;
    const chosen: string[] = [];
    let to = after;
    let characters = 0;
    for (const entry of recent.forwards(after)) {
      to = entry.id;
      if (recent.selects(filter, entry)) {
        const { json } = entry;
        chosen.push(json);
        characters += json.length;
      }
      if (to >= after + MOST_AT_ONCE || characters >= LARGEST_MESSAGE || this.now() >= turnEnds) break;
    }
    if (chosen.length === 0) return { to, bytes: undefined };
    return { to, bytes: Buffer.from(`id: ${this.epoch}-${to}\nevent: changes\ndata: [${chosen.join(",")}]\n\n`) };
  }
}

const KEYS = new WeakMap<Filter, string>();

function keyOf(filter: Filter): string {
  let key = KEYS.get(filter);
  if (key === undefined) {
    const { tables, ops, text } = filter;
    key = JSON.stringify([[...tables].sort(), [...ops].sort(), text]);
    KEYS.set(filter, key);
  }
  return key;
}
