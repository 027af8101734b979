/** The order of a row's records in different partitions: a key's later ones are in another since the topic was given more partitions. */
import { type PlacedRecord, placeOf } from "../event-place";

/** The places of records of several partitions, which are read side by side. */
export class Places {
  /** By partition, the furthest place so far. */
  private readonly furthest = new Map<number, bigint>();

  /**
   * The place of the partition's next record. It is never before the places of those that came earlier: within a partition their order decides,
   * also where the connector goes back in the log.
   *
   * @returns undefined where the record has no position
   */
  next(partition: number, record: PlacedRecord): bigint | undefined {
    const place = placeOf(record);
    if (place === undefined) return undefined;
    const before = this.furthest.get(partition) ?? -1n;
    if (place <= before) return before;
    this.furthest.set(partition, place);
    return place;
  }
}
