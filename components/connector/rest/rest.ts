import { setTimeout as sleep } from "node:timers/promises";
import axios from "axios";
import { type ConnectSecurity, requestAccess, shownUrl } from "../../existing/connect/connect-access";
import type { ConnectorInputs } from "../connector-types";

/** Where a request goes, and which operation it is part of. Every error names both. */
export interface Target {
  url: string;
  /** `create connector customer-cdc` */
  operation: string;
  /** When to give up, in milliseconds since the epoch. */
  until: number;
  /** Bearer token of each request. No error shows it. @default none */
  token?: string;
  /** Name and password, or certificates, for Connect. @default none */
  security?: ConnectSecurity;
  /** Values that no error may show. @default none */
  hidden?: readonly string[];
}

export interface RestAnswer {
  status: number;
  body: unknown;
  /** Where an answer 3xx sends its client. */
  location?: string;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Codes that mean "nobody is listening there", as opposed to "something answered badly". */
const ABSENT = ["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "ENETUNREACH"];

/** The least timeout of a request, also just before the deadline: a request cut off at once would hide why the earlier ones failed. */
const LEAST_MS = 1000;

/** The target for requests about a connector. @param until when to give up, in milliseconds since the epoch */
export function targetOf(
  inputs: Pick<ConnectorInputs, "connectUrl" | "connectToken" | "connectSecurity" | "secretConfig">,
  operation: string,
  until: number,
): Target {
  const { connectUrl: url, connectToken: token, connectSecurity: security, secretConfig } = inputs;
  const hidden = Object.values(secretConfig ?? {});
  return {
    ...{ url, operation, until },
    ...(token !== undefined && { token }),
    ...(security && { security }),
    ...(hidden.length > 0 && { hidden }),
  };
}

/** The address without a trailing slash. */
function baseOf(url: string): string {
  return url.replace(/\/+$/, "");
}

/** How many addresses a request is sent on to. */
const MOST_HOPS = 5;

/** One request, no retry. A status is an answer; only a request without any answer throws. An answer 307 or 308 is followed. */
export async function once(target: Target, method: Method, path: string, data?: unknown): Promise<RestAnswer> {
  const timeout = Math.max(LEAST_MS, Math.min(target.until - Date.now(), 95_000));
  const url = baseOf(target.url) + path;
  try {
    // A PUT or POST without a body goes out as a form, which Connect refuses with 415.
    const body = data ?? (method === "PUT" || method === "POST" ? {} : undefined);
    let access = requestAccess(target.security, target.token);
    // A client that follows 301 or 302 makes a GET of a POST: nothing would be done, and it would look as if it were.
    const usual = { timeout, proxy: false, maxRedirects: 0, validateStatus: () => true } as const;
    let at = url;
    for (let hops = 0; ; hops++) {
      const answer = await axios.request({ method, url: at, data: body, ...access, ...usual });
      const location: unknown = answer.headers["location"];
      const found = { status: answer.status, body: answer.data, ...(typeof location === "string" && { location }) };
      const next = hops < MOST_HOPS ? nextOf(at, found) : undefined;
      if (next === undefined) return found;
      if (!keepsLogin(at, next)) access = { ...access, headers: {}, auth: undefined };
      at = next;
    }
  } catch (error) {
    const code = codeOf(error);
    throw Object.assign(new Error(`${target.operation}: ${method} ${shownUrl(url)} got no answer (${code}).`), {
      code,
      absent: ABSENT.includes(code),
    });
  }
}

/** Pure: where an answer sends the same request, method and body included; undefined: nowhere. */
function nextOf(from: string, { status, location }: RestAnswer): string | undefined {
  if ((status !== 307 && status !== 308) || location === undefined || !URL.canParse(location, from)) return undefined;
  const next = new URL(location, from);
  return /^https?:$/.test(next.protocol) ? next.href : undefined;
}

/** Pure: whether the next address may have the login: it is the same host, and no less guarded on the way. */
function keepsLogin(from: string, to: string): boolean {
  const [before, next] = [new URL(from), new URL(to)];
  return before.host === next.host && (before.protocol === next.protocol || next.protocol === "https:");
}

/**
 * A request repeated until Connect gives a real answer: through rebalances (409), restarts (refused connections, 5xx,
 * 404 pages of a server that has no routes yet).
 *
 * @throws when the deadline passes, with the last answer; `absent: true` when nobody was listening at the end.
 */
export async function request(target: Target, method: Method, path: string, data?: unknown): Promise<RestAnswer> {
  let pause = 50;
  const patience = new Patience();
  for (;;) {
    const { answer, error } = await attempt(target, method, path, data);
    if (answer && (!passing(answer) || patience.isOver(answer))) return answer;
    if (Date.now() + pause >= target.until) throw error ?? refused(target, method, path, answer!);
    await sleep(pause);
    pause = Math.min(pause * 2, 400);
  }
}

async function attempt(target: Target, method: Method, path: string, data?: unknown) {
  try {
    return { answer: await once(target, method, path, data), error: undefined };
  } catch (error) {
    return { answer: undefined, error };
  }
}

/** Whether the answer is about the worker's present state and not about the request, so that a repetition helps. */
export function passing({ status, body }: RestAnswer): boolean {
  if (status === 409 || status === 502 || status === 503 || status === 504) return true;
  if (status === 500) return !finalTrouble(messageOf(body));
  return status === 404 && !isConnectError(body);
}

/** How long one message of a 500 is waited for: a worker that is left out, or a leader that is away, is known as such within 10 s. */
const SAME_TROUBLE_MS = 30_000;

/** Knows when waiting is of no use: Connect has answered 500 with one message for 30 s, and nothing in it tells of a state that passes. */
export class Patience {
  private said: string | undefined;
  private since = 0;

  isOver({ status, body }: RestAnswer, now = Date.now()): boolean {
    const said = status === 500 ? messageOf(body) : undefined;
    if (said === undefined || said !== this.said) [this.said, this.since] = [said, now];
    return said !== undefined && !PASSING.test(said) && now - this.since >= SAME_TROUBLE_MS;
  }
}

/** Messages of a worker that starts, or whose group has no leader at the moment. */
const PASSING = /timed out|timeout|forward|rebalanc|leader|starting|not yet|IO error/i;

/** Whether the message of a 500 tells of an error that no waiting mends: Connect uses that status for the caller's mistakes too. */
function finalTrouble(message: string): boolean {
  return /failed to find any class|could not be found|ConfigException|NoClassDefFound|must be of type|Unrecognized field/i.test(
    message,
  );
}

/** Connect's own errors are JSON with an `error_code`; a server still without routes answers with a plain page. */
export function isConnectError(body: unknown): boolean {
  return typeof body === "object" && body !== null && "error_code" in body;
}

/** What Connect said, on one line, without the list of all plugins it likes to append. */
export function messageOf(body: unknown): string {
  const message = typeof body === "object" && body !== null && "message" in body ? body.message : body;
  return textOf(message)
    .replace(/, available connectors are:[\s\S]*/, "")
    .replace(/\s+/g, " ")
    .slice(0, 600);
}

/** The body as text: as it was sent, or as JSON. */
function textOf(body: unknown): string {
  return typeof body === "string" ? body : (JSON.stringify(body) ?? "");
}

/** The error for an answer whose status is no success. */
export function refused(target: Target, method: Method, path: string, answer: RestAnswer): Error {
  const said = withoutHidden(target, messageOf(answer.body)) || "no message";
  const elsewhere = elsewhereWords(answer);
  const why =
    answer.status === 401 || answer.status === 403
      ? ` ${NOT_LET_IN}`
      : elsewhere === undefined
        ? madeForAnother(said)
        : `. It ${elsewhere}: let connectUrl name that.`;
  const where = shownUrl(baseOf(target.url)) + path;
  const text = `${target.operation}: ${method} ${where} answered ${answer.status}: ${said}${why}`;
  return Object.assign(new Error(text), { code: "REFUSED", status: answer.status, absent: false });
}

/** The error for an answer whose body is not Kafka Connect's, whatever its status. */
export function foreign(target: Target, method: Method, path: string, { status, body }: RestAnswer): Error {
  const begin = textOf(body).replace(/\s+/g, " ").slice(0, 80);
  const text =
    `${target.operation}: ${method} ${shownUrl(baseOf(target.url))}${path} answered ${status} with what Kafka Connect does not say there: ` +
    `${begin || "nothing"}. Check whether connectUrl is Kafka Connect's address.`;
  return Object.assign(new Error(text), { code: "FOREIGN", status, absent: false });
}

/** Pure: where an answer sends its client, in words; undefined: nowhere. */
export function elsewhereWords({ status, location }: RestAnswer): string | undefined {
  if (status < 300 || status >= 400) return undefined;
  return `sends its clients ${location === undefined ? "elsewhere" : `to ${shownUrl(location)}`}`;
}

const NOT_LET_IN = "Kafka Connect does not let this user in: look at the name and password of connectSecurity.";

/** The remedy where the message tells that the plugin was compiled against other versions of classes than the worker has. */
function madeForAnother(said: string): string {
  if (!/NoClassDefFoundError|NoSuch(Method|Field)Error|AbstractMethodError/.test(said)) return "";
  return (
    ". The connector's plugin needs classes that this Kafka Connect does not have: it was made for another version of Kafka than a GET of / shows, " +
    "or some of its jars are missing. Take the plugin's version for that Kafka."
  );
}

/** Pure: what Connect said, with each of the target's hidden values replaced by `[secret]`. */
export function withoutHidden({ hidden = [] }: Target, text: string): string {
  return hidden.filter((value) => value !== "").reduce((left, value) => left.replaceAll(value, "[secret]"), text);
}

/** Whether the error says that nobody listens at the address. */
export function isAbsent(error: unknown): boolean {
  return typeof error === "object" && error !== null && "absent" in error && error.absent === true;
}

/** The system's or axios' word for what went wrong. */
export function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  if ("code" in error && typeof error.code === "string") return error.code;
  return "message" in error ? String(error.message) : String(error);
}
