/** Address and login of a database, as plain data that can be in the state and in a provider's inputs. */

/** How the server is known to be the right one, in libpq's words. */
export type TlsMode = (typeof TLS_MODES)[number];
export const TLS_MODES = ["require", "verify-ca", "verify-full"] as const;

/** Stands for the certificate authorities of Node, in place of a file: libpq's `sslrootcert=system`. */
export const SYSTEM_CA = "system";

export interface DatabaseTls {
  /** `require` checks no certificate, `verify-ca` checks who signed it, and `verify-full` checks its name as well. */
  mode: TlsMode;
  /** Certificates of the authorities that may have signed the server's, in PEM; or `system`. Both verify modes need it. */
  ca?: string;
  /** The client's own certificate, in PEM, for servers that want one. */
  certificate?: string;
  /** Its key, in PEM, without a passphrase. Pass a Pulumi secret. */
  key?: string;
}

export interface DatabaseAddress {
  /** Host name or address, as seen from the machine that runs `pulumi`: `127.0.0.1`. */
  host: string;
  /** TCP port, as seen from the machine that runs `pulumi`. */
  port: number;
  /** Database name. */
  database: string;
  user: string;
  /** Its password. Pass a Pulumi secret. Empty where a command prints it. */
  password: string;
  /** A shell command that prints the password. It runs for each connection, for passwords that are valid for minutes. @default none */
  passwordCommand?: string;
  /** @default none: no TLS */
  tls?: DatabaseTls;
}

type Place = Pick<DatabaseAddress, "host" | "port" | "database">;

/** Pure: whether two addresses differ in more than the login. They may lead to the same database all the same. */
export function isElsewhereNamed(before: Place, now: Place): boolean {
  return before.host !== now.host || before.port !== now.port || before.database !== now.database;
}

/** Pure: host and port as a URL has them; an IPv6 address is in brackets. */
export function hostAndPort({ host, port }: Pick<DatabaseAddress, "host" | "port">): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Pure: where Kafka Connect reads: `cdc:databaseAddress`. @param otherwise what it does not name */
export function placeOf(
  address: string | undefined,
  otherwise: Pick<DatabaseAddress, "host" | "port">,
): typeof otherwise {
  const [host = otherwise.host, port = otherwise.port] = address?.split(":").filter(Boolean) ?? [];
  return { host, port: Number(port) };
}
