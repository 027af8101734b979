/**
 * Server-Sent Events over `fetch`, for the page and the terminal alike.
 *
 * `EventSource` is not used. It never tries again after a 502, does not say when it tries again, and cannot be made to try now. It
 * does not notice a connection that died while a laptop slept, and Node has none.
 */
export interface StreamEvent {
  event: string;
  data: string;
  id?: string;
}

export type Link =
  | { state: "connecting" }
  | { state: "open" }
  /** `reason` is what was seen last; the next attempt starts in `retryInMs`. */
  | { state: "waiting"; reason: string; retryInMs: number };

export interface FollowOptions {
  /** Is called before each connection, so that a changed filter takes effect with the next one. */
  url: () => string;
  signal: AbortSignal;
  onEvent: (event: StreamEvent) => void;
  onLink: (link: Link) => void;
  /** Awaited between two reads. So a slow reader slows the stream, and does not fill its own memory. */
  ready?: () => Promise<void> | undefined;
  /** The stream goes on after this id. */
  lastEventId?: string;
  /** The server sends something at least every 15 s. After so long without a byte, the connection counts as dead. */
  silenceMs?: number;
  /** The longest pause between two attempts. */
  maxRetryMs?: number;
}

export interface Following {
  /** Ends the pause between two attempts. */
  retryNow: () => void;
  /** Ends with the signal; never rejects. */
  done: Promise<void>;
}

/** Keeps one stream open until the signal aborts. A new connection goes on after the last id seen. */
export function follow(options: FollowOptions): Following {
  const { signal, onLink, silenceMs = 20_000, maxRetryMs = 5_000 } = options;
  let lastEventId = options.lastEventId;
  let wake = (): void => {};

  const run = async (): Promise<void> => {
    for (let failures = 0; !signal.aborted; failures++) {
      onLink({ state: "connecting" });
      const reason = await read(
        options,
        lastEventId,
        silenceMs,
        () => {
          failures = 0;
          onLink({ state: "open" });
        },
        (id) => (lastEventId = id),
      );
      if (signal.aborted) return;
      const retryInMs = Math.min(maxRetryMs, 250 * 2 ** failures) * (0.8 + 0.4 * Math.random());
      onLink({ state: "waiting", reason, retryInMs });
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, retryInMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        signal.addEventListener("abort", wake, { once: true });
      });
      signal.removeEventListener("abort", wake);
    }
  };
  return { retryNow: () => wake(), done: run() };
}

/** One connection, from its start to its end. @returns why it ended */
async function read(
  { url, signal, onEvent, ready }: FollowOptions,
  lastEventId: string | undefined,
  silenceMs: number,
  onOpen: () => void,
  onId: (id: string) => void,
): Promise<string> {
  const connection = new AbortController();
  const abort = (): void => connection.abort();
  signal.addEventListener("abort", abort, { once: true });
  let silent = false;
  const alarm = (): ReturnType<typeof setTimeout> =>
    setTimeout(() => {
      silent = true;
      abort();
    }, silenceMs);
  let timer = alarm();
  try {
    const headers: Record<string, string> = { accept: "text/event-stream" };
    if (lastEventId !== undefined) headers["last-event-id"] = lastEventId;
    const response = await fetch(url(), { headers, signal: connection.signal });
    if (!response.ok || !response.body) return `it answered ${response.status} ${response.statusText}`.trim();
    onOpen();
    const parse = createParser((event) => {
      if (event.id !== undefined) onId(event.id);
      onEvent(event);
    });
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return "it closed the connection";
      clearTimeout(timer);
      parse(decoder.decode(value, { stream: true }));
      await ready?.();
      timer = alarm();
    }
  } catch (error) {
    if (silent) return `nothing heard for ${silenceMs / 1000} s`;
    return describe(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    abort();
  }
}

/** The message `fetch failed` says nothing. Node has the reason in `cause`; browsers do not give it. */
function describe(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined;
  const code = cause?.code;
  if (code === "UND_ERR_SOCKET" || code === "ECONNRESET") return "the connection broke off";
  return code === undefined || code === "ECONNREFUSED" ? "it does not answer" : `it does not answer (${code})`;
}

/**
 * A parser of the event stream format. It takes the text in pieces, cut anywhere.
 * It joins the pieces of a line once, at the line's end: a line may have megabytes in a hundred pieces.
 */
export function createParser(onEvent: (event: StreamEvent) => void): (text: string) => void {
  let pieces: string[] = [];
  let event = "";
  let data: string[] = [];
  let id: string | undefined;

  const line = (text: string): void => {
    if (text === "") {
      if (data.length > 0)
        onEvent({ event: event || "message", data: data.join("\n"), ...(id !== undefined && { id }) });
      event = "";
      data = [];
      id = undefined;
      return;
    }
    const colon = text.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(text[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "data") data.push(value);
    else if (field === "event") event = value;
    else if (field === "id") id = value;
  };

  return (text) => {
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      pieces.push(text.slice(start, end));
      const whole = pieces.join("");
      pieces = [];
      line(whole.endsWith("\r") ? whole.slice(0, -1) : whole);
      start = end + 1;
    }
    if (start < text.length) pieces.push(text.slice(start));
  };
}
