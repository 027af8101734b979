/**
 * Messages in the database's log that this project writes for itself. No handler gets them. Anybody can write a message with such a
 * prefix, so one of another form has no news, and is a heartbeat all the same.
 */
import type { Heartbeat } from "./change-event";

/** Prefix of the messages that `npm run doctor` writes to see them arrive. The consumer counts them as heartbeats. */
export const PROBE_PREFIX = "cdc.probe";

/** What a heartbeat may tell. */
export type News = Pick<Heartbeat, "slot" | "changedTables" | "readAnew" | "begunAnew">;

/** Each prefix of such messages, with the form of its text and what it tells. */
const OWN: Readonly<Record<string, { form: RegExp; news(parts: RegExpExecArray): News }>> = {
  [PROBE_PREFIX]: { form: /^/, news: () => ({}) },
  // It comes with each heartbeat while captured tables are no longer as they were captured.
  "cdc.capture": { form: /^\s*\[.*\]\s*$/s, news: ([changedTables]) => ({ changedTables }) },
  // It follows a snapshot that an `up` has begun because changes were lost.
  "cdc.read-anew": {
    form: /^(\d{1,20})(?: (?<slot>[a-z0-9_]{1,63}))?$/,
    news: ([, position]) => ({ readAnew: Number(position) }),
  },
  // It precedes a snapshot that the connector began by itself.
  "cdc.begun-anew": {
    form: /^(\d{1,20}) (\d{1,20})( deleted)?(?: (?<slot>[a-z0-9_]{1,63}))?$/,
    news: ([, from, to, deleted]) => ({
      begunAnew: { from: Number(from), to: Number(to), deleted: deleted !== undefined },
    }),
  },
};

/** Pure. @returns undefined for somebody else's message */
export function newsOf({ prefix, content }: { prefix: string; content: string }): News | undefined {
  const own = Object.hasOwn(OWN, prefix) ? OWN[prefix] : undefined;
  if (own === undefined) return undefined;
  // Debezium writes hex digits with `binary.handling.mode` hex, and base64 otherwise; Node reads both of its alphabets.
  for (const encoding of ["base64", "hex"] as const) {
    const parts = own.form.exec(Buffer.from(content, encoding).toString());
    const slot = parts?.groups?.["slot"];
    if (parts !== null) return { ...own.news(parts), ...(slot !== undefined && { slot }) };
  }
  return {};
}
