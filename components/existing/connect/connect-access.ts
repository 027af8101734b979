import { Agent } from "node:https";

/** What a Kafka Connect asks of those who use its REST API, as plain data. */
export interface ConnectSecurity {
  /** Basic authentication. */
  username?: string;
  password?: string;
  /** Who signed its certificate, in PEM. @default those that Node.js trusts */
  ca?: string;
  /** The client's own certificate and its key, in PEM. */
  cert?: string;
  key?: string;
}

/** How to get at a Connect cluster. */
export interface ConnectAccess {
  /** Base of its REST API: `https://connect.example:8083`. */
  url: string;
  security?: ConnectSecurity;
}

/** Pure: what of a request's options lets it in. @param token of a guard that wants one */
export function requestAccess(
  security: ConnectSecurity = {},
  token?: string,
): {
  headers: Record<string, string>;
  auth?: { username: string; password: string };
  httpsAgent?: Agent;
} {
  const { username, password = "", ca, cert, key } = security;
  return {
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    ...(username !== undefined && { auth: { username, password } }),
    ...((ca ?? cert) !== undefined && { httpsAgent: new Agent({ ca, cert, key }) }),
  };
}

/** Pure: the address without what somebody wrote into it to be let in, for a sentence. */
export function shownUrl(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}
