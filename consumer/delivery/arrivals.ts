/** Changes as they come from the stream, with their lag and whether they were handled before. */
import type { ChangeJson } from "../api";
import type { Change, ChangeEvent, RawMessage } from "../change/change-event";
import { isOfFirstSnapshot, placeOf } from "../change/event-id";
import { type Arrival, type Observation, changeToBody, changeToText, withId } from "../change/change-json";
import type { Texts } from "../change/envelope";
import { parseRecord } from "../change/parse-record";
import type { Log } from "../log";
import type { Batch } from "./batch";
import type { Duplicates } from "./crash/duplicates";

export interface ArrivalsOptions {
  duplicates: Duplicates;
  log: Log;
  logFormat: "json" | "text";
}

export class Arrivals {
  /** Of the record at hand. */
  private readonly texts: Texts = { key: null, before: null, after: null };

  constructor(private readonly options: ArrivalsOptions) {}

  /** Reads a record. A dead letter that was sent back has the topic and offset of its first record. */
  read({ topic, partition }: Pick<Batch, "topic" | "partition">, message: RawMessage): ChangeEvent {
    const { original } = message;
    if (original === undefined) return parseRecord(topic, partition, message, this.texts);
    const { key, value } = message;
    return parseRecord(original.topic, original.partition, { key, value, offset: original.offset }, this.texts);
  }

  /** Reads the change again for another attempt, since the attempt before may have altered it. */
  readAgain(batch: Batch, message: RawMessage): Change {
    return this.read(batch, message) as Change;
  }

  /**
   * What is known of the change that was read last.
   *
   * @param arrived when it came, in µs since 1970
   * @param handledBefore see `Duplicates`
   */
  of(change: Change, message: RawMessage, arrived: number, handledBefore: number): Arrived {
    const { duplicates, log, logFormat } = this.options;
    const { committedAtMicros } = change;
    const { texts } = this;
    const duplicate = duplicates.recognise(change, message, handledBefore);
    const retried = message.original === undefined ? undefined : true;
    const lagMs = committedAtMicros === null ? null : Math.round(arrived - committedAtMicros) / 1000;
    // Made before the handler runs: it may alter the change, and while it is waited for, `texts` are those of other records.
    const arrival: Arrival = { lagMs, duplicate, retried };
    const body = changeToBody(change, arrival, texts);
    const text = logFormat === "text" ? changeToText(change, arrival) : null;
    const of = new Arrived(change.op, change.table, change.position, lagMs, duplicate, retried, log, body, text);
    // A dead letter that is sent back is of before.
    if (
      retried === undefined &&
      change.op === "snapshot" &&
      isOfFirstSnapshot(change.snapshotPlace ?? placeOf(change.eventId ?? ""))
    )
      of.refills = change.topic;
    return of;
  }
}

export class Arrived implements Observation {
  /** 0 until it is handled. */
  id = 0;
  /** Of a row of the connector's first snapshot: the topic that gets all rows. */
  refills: string | undefined = undefined;

  constructor(
    readonly op: Change["op"],
    readonly table: string,
    readonly position: Change["position"],
    readonly lagMs: number | null,
    readonly duplicate: ChangeJson["duplicate"] | undefined,
    readonly retried: true | undefined,
    private readonly log: Log,
    /** The change's JSON but for its id. */
    private readonly body: string,
    /** Its line for people, where the log has those. */
    private readonly text: string | null,
  ) {}

  /**
   * The handler is done.
   *
   * @param id the change's place among all that were handled
   * @param isPrinted the handler asked for the change's line
   * @returns the change's JSON
   */
  finish(id: number, isPrinted: boolean): string {
    this.id = id;
    const json = this.json();
    if (isPrinted) this.write(json);
    return json;
  }

  /** The handler did not wait for what it began; its line must not wait for the next change's. */
  printLate(): void {
    this.write(this.json());
    this.log.flush();
  }

  private json(): string {
    return withId(this.id, this.body);
  }

  private write(json: string): void {
    this.log.line(this.text ?? json);
  }
}
