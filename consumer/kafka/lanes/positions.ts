/**
 * How far each partition was taken. When the group rebalances, kafkajs goes back to the last commit. It fetches records again
 * that are handled but not committed, or at hand in a handler that takes minutes. No record is taken twice.
 */
interface Fetched {
  /** Decimal digits. */
  offset: string;
  /** Milliseconds since 1970, as text. */
  timestamp: string;
}

interface Position {
  /** The offset behind the last record taken. */
  next: number;
  /** For what was taken up to each such offset, the newest time, in milliseconds since 1970. Both grow. */
  newest: { to: number; timestamp: number }[];
}

/** So many are kept of a partition. The first one then stands for more offsets. */
const MOST_NEWEST = 32;

export class Positions {
  private readonly positions = new Map<string, Position>();

  /**
   * @returns `fresh`: the records that were not taken before, oldest first. From now on they count as taken. `anew`: these records have
   * offsets that other records had before, so the topic was made again
   */
  take<M extends Fetched>(partition: string, messages: readonly M[]): { fresh: readonly M[]; anew: boolean } {
    const position = this.positions.get(partition);
    const fresh = isBehind(position, messages[0]) ? behindTaken(position!, messages) : messages;
    const goesBack = isBehind(position, fresh[0]);
    const anew = fresh.length === messages.length && goesBack;
    if (fresh.length > 0) this.positions.set(partition, behind(goesBack ? [] : (position?.newest ?? []), fresh));
    return { fresh, anew };
  }

  /** Forgets the other partitions: their next reader may be another member. */
  keepOnly(wanted: (partition: string) => boolean): void {
    for (const partition of this.positions.keys()) if (!wanted(partition)) this.positions.delete(partition);
  }

  /** The last offset taken of a partition of which records were taken. */
  last(partition: string): string {
    return String(this.positions.get(partition)!.next - 1);
  }
}

function isBehind(position: Position | undefined, first: Fetched | undefined): boolean {
  return position !== undefined && first !== undefined && Number(first.offset) < position.next;
}

/** From the first record on that was not taken: where that one's topic was made again, the others are of the same topic. */
function behindTaken<M extends Fetched>(position: Position, messages: readonly M[]): readonly M[] {
  const first = messages.findIndex((one) => !isTaken(position, one));
  return first === 0 ? messages : first === -1 ? [] : messages.slice(first);
}

/**
 * A record below `next` that is newer than what was taken up to its offset is no repetition: its topic was made again. Times need not be in
 * the order of the offsets, as where two machines write, or a clock was set back.
 */
function isTaken({ next, newest }: Position, record: Fetched): boolean {
  const offset = Number(record.offset);
  return offset < next && Number(record.timestamp) <= newest.find(({ to }) => to >= offset)!.timestamp;
}

/** @param newest of the position before; altered */
function behind(newest: Position["newest"], taken: readonly Fetched[]): Position {
  const to = Number(taken[taken.length - 1]!.offset);
  const last = newest[newest.length - 1];
  let timestamp = last?.timestamp ?? -Infinity;
  for (const one of taken) timestamp = Math.max(timestamp, Number(one.timestamp));
  if (last?.timestamp === timestamp) last.to = to;
  else newest.push({ to, timestamp });
  if (newest.length > MOST_NEWEST) newest.shift();
  return { next: to + 1, newest };
}
