/** One call of the handler, and the context that the handler gets. */
import type { ChangeJson } from "../api";
import type { Change, RawMessage } from "../change/change-event";
import type { Arrival } from "../change/change-json";
import type { Log } from "../log";
import type { Arrived } from "./arrivals";
import type { BatchContext, BatchHandler, Context, Handler } from "./handler";
import type { Try } from "./retry";

/** Has the signal that aborts when the stream stops. */
interface Stoppable {
  readonly signal: AbortSignal;
}

class Abortable {
  private aborter: AbortController | undefined;
  private leave = (): void => undefined;
  private isOver = false;

  constructor(protected readonly control: Stoppable) {}

  // Made at its first use: a signal for each change would cost more than the rest of the delivery.
  get signal(): AbortSignal {
    if (this.aborter === undefined) {
      this.aborter = new AbortController();
      if (!this.isOver) this.followStop(this.aborter);
    }
    return this.aborter.signal;
  }

  abort(reason: Error): void {
    this.aborter ??= new AbortController();
    this.aborter.abort(reason);
  }

  over(): void {
    this.isOver = true;
    this.leave();
  }

  // No AbortSignal.any: it keeps each signal that has a listener until the stop's signal is gone, so a busy table would fill the memory.
  private followStop(aborter: AbortController): void {
    const stop = this.control.signal;
    const abort = (): void => aborter.abort(stop.reason);
    if (stop.aborted) return abort();
    stop.addEventListener("abort", abort, { once: true });
    this.leave = () => stop.removeEventListener("abort", abort);
  }
}

/** An attempt at one change. */
export class Attempt extends Abortable implements Try {
  underWay: void | Promise<void> = undefined;
  /** Its line is to be written when it works. */
  isPrinted = false;
  /** The change as it came, for another attempt. */
  reread: (() => Change) | undefined;

  constructor(
    private readonly handler: Handler,
    readonly change: Change,
    readonly arrived: Arrived,
    private readonly log: Log,
    control: Stoppable,
    readonly attempt = 1,
  ) {
    super(control);
  }

  call(): void | Promise<void> {
    return this.handler(this.change, new OneContext(this, this.arrived, this.log, this.attempt));
  }

  print(): void {
    if (this.arrived.id === 0) this.isPrinted = true;
    else this.arrived.printLate();
  }

  again(): this {
    const { handler, arrived, log, control, attempt, reread } = this;
    const next = new Attempt(handler, reread?.() ?? this.change, arrived, log, control, attempt + 1);
    next.reread = reread;
    return next as this;
  }
}

/** The context that the handler gets. The handler may freeze it or write into it, so the attempt is another object. */
class OneContext implements Context {
  readonly lagMs: number | null;
  readonly duplicate: ChangeJson["duplicate"] | undefined;
  readonly retried: true | undefined;
  // A function of its own, since handlers take it out of the context.
  readonly print: () => void;
  readonly #of: Attempt;

  constructor(
    of: Attempt,
    arrived: Arrived,
    readonly log: Log,
    readonly attempt: number,
  ) {
    this.#of = of;
    this.lagMs = arrived.lagMs;
    this.duplicate = arrived.duplicate;
    this.retried = arrived.retried;
    this.print = () => of.print();
  }

  get signal(): AbortSignal {
    return this.#of.signal;
  }
}

/** A change that waits for the handler, with its record. */
export interface WaitingChange {
  change: Change;
  message: RawMessage;
  arrived: Arrived;
}

/** An attempt at many changes. */
export class BatchAttempt extends Abortable implements Try {
  underWay: void | Promise<void> = undefined;
  private readonly printed = new Set<Change>();

  constructor(
    private readonly handler: BatchHandler,
    readonly items: readonly WaitingChange[],
    /** A change as it came, for another attempt. */
    private readonly reread: (item: WaitingChange) => Change,
    private readonly log: Log,
    control: Stoppable,
    readonly attempt = 1,
  ) {
    super(control);
  }

  print(change: Change): void {
    const { arrived } = this.itemOf(change);
    if (arrived.id === 0) this.printed.add(change);
    else arrived.printLate();
  }

  arrivalOf(change: Change): Arrival {
    const { lagMs, duplicate, retried } = this.itemOf(change).arrived;
    return { lagMs, duplicate, retried };
  }

  isPrinted({ change }: WaitingChange): boolean {
    return this.printed.has(change);
  }

  call(): void | Promise<void> {
    return this.handler(
      this.items.map(({ change }) => change),
      new ManyContext(this, this.log, this.attempt),
    );
  }

  again(): this {
    const { handler, items, reread, log, control, attempt } = this;
    const fresh = items.map((item) => ({ ...item, change: reread(item) }));
    return new BatchAttempt(handler, fresh, reread, log, control, attempt + 1) as this;
  }

  private itemOf(change: Change): WaitingChange {
    this.byChange ??= new Map(this.items.map((item) => [item.change, item]));
    const item = this.byChange.get(change);
    if (item === undefined)
      throw new Error("the change is none of this batch: print and arrivalOf want one as it came");
    return item;
  }

  private byChange: Map<Change, WaitingChange> | undefined;
}

/** See `OneContext`. */
class ManyContext implements BatchContext {
  readonly print: BatchContext["print"];
  readonly arrivalOf: BatchContext["arrivalOf"];
  readonly #of: BatchAttempt;

  constructor(
    of: BatchAttempt,
    readonly log: Log,
    readonly attempt: number,
  ) {
    this.#of = of;
    this.print = (change) => of.print(change);
    this.arrivalOf = (change) => of.arrivalOf(change);
  }

  get signal(): AbortSignal {
    return this.#of.signal;
  }
}
