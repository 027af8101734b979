/**
 * YOUR CODE GOES HERE. `handle` is called for each change. Changes of one key come in the order of their commits.
 *
 * It may return nothing, which is fast because it takes no turn of the event loop. Or it returns a promise, which is awaited before the next change
 * of the same partition. When it throws, the change is tried again (HANDLER_ATTEMPTS times, with growing pauses). After that, the record goes to the
 * dead-letter topic and the stream goes on. The offset is committed after `handle` is done, so after a crash some changes come again. Make what you
 * do here repeatable, for example by writing rows by key.
 *
 * A handler that needs connections, or that takes many changes at once, is made by `defineHandler`: see docs/consumer.md.
 */
import type { Change } from "./change/change-event";
import type { Context } from "./delivery/handler";

/** The default handler writes one line for each change to standard output, in the form that LOG_FORMAT selects. */
export function handle(change: Change, context: Context): void | Promise<void> {
  context.print(change);
}
