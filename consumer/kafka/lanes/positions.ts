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
  /** Of that record. */
  timestamp: number;
}

export class Positions {
  private readonly positions = new Map<string, Position>();

  /**
   * @returns `fresh`: the records that were not taken before, oldest first. From now on they count as taken. `anew`: these records have
   * offsets that other records had before, so the topic was made again
   */
  take<M extends Fetched>(partition: string, messages: readonly M[]): { fresh: readonly M[]; anew: boolean } {
    const position = this.positions.get(partition);
    const fresh = isBehind(position, messages[0]) ? messages.filter((one) => !isTaken(position, one)) : messages;
    const anew = fresh.length === messages.length && isBehind(position, fresh[0]);
    const last = fresh[fresh.length - 1];
    if (last !== undefined) {
      this.positions.set(partition, { next: Number(last.offset) + 1, timestamp: Number(last.timestamp) });
    }
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

function isBehind(position: Position | undefined, first: Fetched | undefined): position is Position {
  return position !== undefined && first !== undefined && Number(first.offset) < position.next;
}

/** A record below `next` that is newer than the last one taken is no repetition: its topic was made again. */
function isTaken({ next, timestamp }: Position, record: Fetched): boolean {
  return Number(record.offset) < next && Number(record.timestamp) <= timestamp;
}
