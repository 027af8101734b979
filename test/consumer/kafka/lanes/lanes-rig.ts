/** Lanes, the batches that they get, and what they report. */
import type { Batch, BatchControl } from "../../../../consumer/delivery/batch";
import { type FetchedBatch, Lanes } from "../../../../consumer/kafka/lanes/lanes";

/** A delivery under way. */
interface Delivery {
  name: string;
  control: BatchControl;
  /** Ends the delivery: all of its records are done. */
  end(): void;
  /** Ends it early: its records up to this one are done, or none. */
  leave(done?: string): void;
  fail(error: Error): void;
}

export let begun: Delivery[];
export let handled: string[];
export let passedOver: string[];
export let failures: unknown[];
export let paused: Set<string>;
export let timers: (() => void)[];
export let lanes: Lanes;

type Handled = (topic: string, partition: number, offset: string) => void;
let tell: Handled;

/** Has what the lanes report as handled passed on, too. */
export function onHandled(then: Handled): void {
  tell = then;
}

/** Makes new lanes, before each test. */
export function freshLanes(): void {
  begun = [];
  handled = [];
  passedOver = [];
  failures = [];
  paused = new Set();
  timers = [];
  tell = () => undefined;
  lanes = new Lanes({
    deliver,
    handled(topic, partition, offset) {
      handled.push(`${topic}/${partition}:${offset}`);
      tell(topic, partition, offset);
    },
    passedOver: (topic, partition, from, to) => passedOver.push(`${topic}/${partition}:${from}-${to}`),
    failed: (error) => failures.push(error),
    later: (_ms, callback) => {
      timers.push(callback);
      return () => (timers = timers.filter((timer) => timer !== callback));
    },
  });
}

function deliver({ topic, partition, messages }: Batch, control: BatchControl): Promise<void> {
  return new Promise((resolve, reject) => {
    const [first, last] = [messages[0]!.offset, messages[messages.length - 1]!.offset];
    const end = () => {
      control.resolve(last);
      resolve();
    };
    const leave = (done?: string) => {
      if (done !== undefined) control.resolve(done);
      resolve();
    };
    begun.push({ name: `${topic}/${partition}:${first}-${last}`, control, end, leave, fail: reject });
  });
}

export function batch(topic: string, from: number, to = from, bytes = 10): FetchedBatch {
  const messages = Array.from({ length: to - from + 1 }, (_, i) => ({
    key: null,
    value: Buffer.alloc(bytes),
    offset: String(from + i),
    timestamp: String((from + i) * 1000),
  }));
  return { topic, partition: 0, messages, highWatermark: String(to + 1) };
}

/** Passes a batch to the lanes. @returns `waits`: whether the stream still waits for it */
export function take(fetched: FetchedBatch): { waits: boolean } {
  const state = { waits: true };
  const pause = () => {
    paused.add(fetched.topic);
    return () => void paused.delete(fetched.topic);
  };
  void lanes.take(fetched, pause).then(() => (state.waits = false));
  return state;
}

export const turn = () => new Promise((resolve) => setImmediate(resolve));
export const names = () => begun.map(({ name }) => name);
