import { Agent } from "node:https";

/** What a Kafka Connect requires of users of its REST API, as plain data. */
export interface ConnectSecurity {
  /** Basic authentication. */
  username?: string;
  password?: string;
  /** The authorities that may have signed its certificate, in PEM. @default those that Node.js trusts */
  ca?: string;
  /** The client's own certificate and its key, in PEM. */
  cert?: string;
  key?: string;
}

/** Address and login of a Connect cluster. */
export interface ConnectAccess {
  /** Base of its REST API: `https://connect.example:8083`. */
  url: string;
  security?: ConnectSecurity;
}

/** Pure: the options of a request that let it in. @param token for a worker with RestGuard */
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

/** Pure: the address for a message, without a login that somebody wrote into it. */
export function shownUrl(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//").replace(/\/+$/, "");
}
