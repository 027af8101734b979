/** Checks that every request must pass, and headers that every answer has. */
import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";

/**
 * Only scripts of this server run, and they connect only to this server. `frame-ancestors` keeps other sites from putting the
 * page in a frame.
 */
export const SECURITY_HEADERS: { readonly [name: string]: string } = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
};

export interface Refusal {
  status: 403 | 405 | 421;
  error: string;
  headers?: { [name: string]: string };
}

/**
 * Refuses a request of another site, or with a method that is not allowed.
 *
 * @param posted the paths that take only POST
 * @returns null when the request may be answered
 */
export function refuse(
  request: IncomingMessage,
  path: string,
  allowedHosts: readonly string[],
  posted: ReadonlySet<string>,
): Refusal | null {
  // A web site can point a DNS name of its own at 127.0.0.1, and so read the feed as its own origin ("DNS rebinding").
  // The browser then sends that name as Host.
  if (!isAllowedHost(request.headers.host, allowedHosts)) {
    const allowed = ["localhost", "127.0.0.1", "[::1]", ...allowedHosts].join(", ");
    return {
      status: 421,
      error: `Host is "${request.headers.host ?? ""}"; allowed: ${allowed} (more by ALLOWED_HOSTS)`,
    };
  }
  if (posted.has(path)) {
    if (request.method === "POST") return refuseForeign(request);
    return { status: 405, error: `${request.method} is not allowed; only POST is`, headers: { Allow: "POST" } };
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    return {
      status: 405,
      error: `${request.method} is not allowed; only GET and HEAD are`,
      headers: { Allow: "GET, HEAD" },
    };
  }
  return null;
}

/** A web site can make a browser post to any address. The browser then names the site in its headers. Other clients send no such headers. */
function refuseForeign({ headers }: IncomingMessage): Refusal | null {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"];
  const isOwn = origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
  if (isOwn && (site === undefined || site === "same-origin" || site === "none")) return null;
  return { status: 403, error: `Origin is "${origin ?? ""}"; allowed is this page itself` };
}

/** @param host the `Host` header, with or without a port */
function isAllowedHost(host: string | undefined, allowedHosts: readonly string[]): boolean {
  const parts = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/i.exec(host ?? "");
  const name = parts?.[1]?.toLowerCase();
  if (name === undefined) return false;
  if (name.startsWith("[") && isIPv6(name.slice(1, -1))) return name === "[::1]";
  return ["localhost", "127.0.0.1", ...allowedHosts.map((allowed) => allowed.toLowerCase())].includes(name);
}
