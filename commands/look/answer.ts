/** What a part said, or why it said nothing. Parts are asked side by side, and none holds up the others. */
export type Answer<T> = { ok: true; value: T } | Unanswered;

/** `error` is what the question failed with, where it was asked and answered in time. */
export interface Unanswered {
  ok: false;
  reason: string;
  error?: unknown;
}

/** Asks with a deadline in milliseconds. Never rejects. */
export async function ask<T>(deadlineMs: number, question: () => Promise<T>): Promise<Answer<T>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Answer<T>>((resolve) => {
    timer = setTimeout(() => resolve(unasked(`no answer within ${deadlineMs / 1000} s`)), deadlineMs);
  });
  const asked = question().then(
    (value): Answer<T> => ({ ok: true, value }),
    (error: unknown): Answer<T> => ({ ok: false, reason: reasonOf(error), error }),
  );
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

/** For a part that cannot be asked. */
export function unasked<T>(reason: string): Answer<T> {
  return { ok: false, reason };
}

/** What an error says, on one line. Node's own for several addresses says nothing but has a code. */
export function reasonOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return (message || code || String(error)).replace(/\s+/g, " ").trim();
}
