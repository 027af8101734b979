/**
 * YOUR CODE GOES HERE. `handle` is called for each change, for one key always in the order of the commits.
 *
 * It may return nothing (fast: no turn of the event loop) or a promise, which is awaited before the next change of the
 * same partition. When it throws, the change is tried again (HANDLER_ATTEMPTS times, with growing pauses); after that the
 * record goes to the dead-letter topic and the stream goes on. The offset is committed after `handle` is done, so after
 * a crash some changes come again: make what you do here repeatable, for example by writing rows by key.
 *
 * A handler that needs connections, or takes many changes at once, is made by `defineHandler`: see docs/consumer.md.
 */
import type { Change } from "./change/change-event";
import type { Context } from "./delivery/handler";

/** The default: one line per change on the standard output, as LOG_FORMAT says. */
export function handle(change: Change, context: Context): void | Promise<void> {
  context.print(change);
}
