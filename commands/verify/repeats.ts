import { type PlacedRecord, placeOf } from "./event-place";

/** Records that come again: after a crash the connector goes back in the log, and writes all changes from there on once more. */
export class Repeats {
  /** The furthest place so far, and how many records had it: without this project's classes the rows of one COPY share a place. */
  private furthest = { place: -1n, count: 0 };
  /** Where a repeat is; undefined while there is none. */
  private again: { place: bigint; count: number } | undefined;

  /** Whether the topic's next record is a repeat. */
  has(record: PlacedRecord): boolean {
    const place = placeOf(record);
    if (place === undefined) return false;
    const { furthest } = this;
    if (this.again === undefined && place >= furthest.place) {
      this.furthest = { place, count: place === furthest.place ? furthest.count + 1 : 1 };
      return false;
    }
    const { again } = this;
    this.again = { place, count: again?.place === place ? again.count + 1 : 1 };
    if (place < furthest.place || (place === furthest.place && this.again.count <= furthest.count)) return true;
    this.furthest = this.again;
    this.again = undefined;
    return false;
  }
}
