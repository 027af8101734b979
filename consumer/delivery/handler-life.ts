/** From what a handler's file exports to what the delivery calls, and to its end. */
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
  /** Begins to hand over changes. */
  begin(callee: Callee): { stop(): Promise<void> };
  /** It cannot be set up. */
  failed(error: Error): void;
}

const MOST_CHANGES = 500;

/** Sets the handler up, lets changes come, and at a stop closes it when the last of them is done. */
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
      // A setup that is told to stop may well fail.
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
  // One that is there and undefined is none.
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
