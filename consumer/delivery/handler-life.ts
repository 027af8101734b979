/** Makes what the delivery calls out of the exports of a handler's file, and ends it. */
import { type Log, errorText } from "../log";
import type { BatchHandler, Handler, HandlerDefinition } from "./handler";

/** What a file may export as `handle`. */
export type Exported = Handler | HandlerDefinition<unknown>;

type ManyDefinition = Extract<HandlerDefinition<unknown>, { handleBatch: unknown }>;

export type Callee = { handler: Handler } | { batchHandler: BatchHandler; mostChanges: number };

interface OpenHandler {
  callee: Callee;
  close(): Promise<void>;
}

export interface LifeOptions {
  log: Log;
  /** Starts to hand over changes. */
  begin(callee: Callee): { stop(): Promise<void> };
  /** Called when the handler cannot be set up. */
  failed(error: Error): void;
}

const MOST_CHANGES = 500;

/** Sets the handler up, then starts the changes. At a stop, it closes the handler after the last change is done. */
export function startHandler(exported: Exported, { log, begin, failed }: LifeOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const start = async () => {
    const { callee, close } = await open(exported, { log, signal });
    return { stream: signal.aborted ? null : begin(callee), close };
  };
  const started = start();
  started.catch((error: Error) => {
    if (!signal.aborted) failed(error);
  });
  return {
    async stop() {
      stopping.abort(new Error("the consumer stops"));
      // A setup that was told to stop may fail.
      const life = await started.catch(() => null);
      await life?.stream?.stop();
      await life?.close();
    },
  };
}

async function open(exported: Exported, context: { log: Log; signal: AbortSignal }): Promise<OpenHandler> {
  if (typeof exported === "function") return { callee: { handler: exported }, close: () => Promise.resolve() };
  const definition = checked(exported);
  let state: unknown;
  try {
    state = await definition.setup?.(context);
  } catch (error) {
    throw new Error(`the handler's setup failed: ${errorText(error)}`, { cause: error });
  }
  const callee: Callee = takesMany(definition)
    ? {
        batchHandler: (changes, batch) => definition.handleBatch(changes, batch, state),
        mostChanges: definition.mostChanges ?? MOST_CHANGES,
      }
    : { handler: (change, one) => definition.handle(change, one, state) };
  return { callee, close: async () => definition.close?.(state) };
}

function takesMany(definition: HandlerDefinition<unknown>): definition is ManyDefinition {
  // A property that exists and is undefined does not count.
  return typeof (definition as Partial<ManyDefinition>).handleBatch === "function";
}

/** The types say the same, but a handler may be JavaScript. */
function checked(exported: HandlerDefinition<unknown>): HandlerDefinition<unknown> {
  const { handle, handleBatch, mostChanges } = ((exported as unknown) ?? {}) as { [name: string]: unknown };
  if ([handle, handleBatch].filter((one) => typeof one === "function").length !== 1) {
    throw new Error(
      "the handler's file exports no handler: handle is to be a function, or defineHandler with handle or handleBatch",
    );
  }
  if (mostChanges !== undefined && !(Number.isInteger(mostChanges) && (mostChanges as number) >= 1)) {
    throw new Error(`mostChanges of the handler is ${String(mostChanges)}; allowed: a whole number from 1`);
  }
  return exported;
}
