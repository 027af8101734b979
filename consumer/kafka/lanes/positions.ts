/**
 * How far each partition was taken. When the group rebalances, kafkajs goes back to what was committed last, and so fetches
 * again what is handled but not committed, or at hand in a handler that takes minutes. None of that is taken twice.
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
   * @returns `fresh`: those of the records, oldest first, that were not taken before; from now on they are. `anew`: they have offsets
   * that others had before, so their topic was made again
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

  /** Forgets the partitions that are not wanted: their next reader may be another member. */
  keepOnly(wanted: (partition: string) => boolean): void {
    for (const partition of this.positions.keys()) if (!wanted(partition)) this.positions.delete(partition);
  }

  /** The last offset taken of a partition of which some was. */
  last(partition: string): string {
    return String(this.positions.get(partition)!.next - 1);
  }
}

function isBehind(position: Position | undefined, first: Fetched | undefined): position is Position {
  return position !== undefined && first !== undefined && Number(first.offset) < position.next;
}

/** A record of this offset that is younger than all that were taken belongs to a topic that was made anew. */
function isTaken({ next, timestamp }: Position, record: Fetched): boolean {
  return Number(record.offset) < next && Number(record.timestamp) <= timestamp;
}
