/** The answer of a part of the stack, or why there is none. All parts are asked at the same time, and a slow one delays no other. */
export type Answer<T> = { ok: true; value: T } | Unanswered;

/** `error` is what the question threw. It is missing where the part was not asked, or did not answer in time. */
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

/** The answer of a part that cannot be asked. */
export function unasked<T>(reason: string): Answer<T> {
  return { ok: false, reason };
}

/** An error's message on one line, or its code: Node's error for a host with several addresses has no message. */
export function reasonOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return (message || code || String(error)).replace(/\s+/g, " ").trim();
}
