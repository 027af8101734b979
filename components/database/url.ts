import { TLS_MODES, type TlsMode } from "./address";

/** The parts of a connection string. */
export interface DatabaseUrl {
  host: string;
  port: number;
  database: string;
  user: string;
  /** Empty when there is none. */
  password: string;
  /** Undefined: `sslmode=disable`, or none on this machine itself. */
  mode?: TlsMode;
  /** Files that it names: certificate authorities, or `system`; the client's certificate and its key. */
  files: { ca?: string; certificate?: string; key?: string };
}

const MODES = ["disable", ...TLS_MODES] as const;
const PARAMETERS = ["sslmode", "sslrootcert", "sslcert", "sslkey"];
const SHAPE = "postgres://user:password@host:port/database?sslmode=verify-full&sslrootcert=ca.pem";

/**
 * Pure: reads a connection string as libpq does. It refuses forms whose meaning is not certain.
 *
 * @returns the URL, or what is wrong with it: never with a part of it that may be secret
 */
export function parseDatabaseUrl(text: string): { url?: DatabaseUrl; problems: string[] } {
  let parsed: URL;
  try {
    parsed = new URL(text);
  } catch {
    return { problems: [`is no URL; allowed: ${SHAPE}.`] };
  }
  if (!/^postgres(ql)?:$/.test(parsed.protocol)) return { problems: [`is no URL of Postgres; allowed: ${SHAPE}.`] };
  const problems: string[] = [];
  const given = parsed.searchParams;
  for (const name of new Set(given.keys())) {
    if (!PARAMETERS.includes(name)) {
      problems.push(`has the parameter ${name}, which is not known here; allowed: ${PARAMETERS.join(", ")}.`);
    }
  }
  const part = (what: string, value: string): string => {
    const plain = decoded(value);
    if (!plain) problems.push(`${plain === "" ? "has no" : "has percent signs that encode nothing in its"} ${what}.`);
    return plain ?? "";
  };
  const host = decoded(parsed.hostname.replace(/^\[|\]$/g, "")) ?? "";
  if (host === "") problems.push("has no host: a socket's folder cannot be reached from Kafka Connect's container.");
  if (host.includes(",")) problems.push("has several hosts; name the one that takes writes.");
  const user = part("user", parsed.username);
  const database = part("database", parsed.pathname.slice(1));
  const password = parsed.password === "" ? "" : part("password", parsed.password);
  const sslmode = given.get("sslmode");
  const files = {
    ca: given.get("sslrootcert") || undefined,
    certificate: given.get("sslcert") || undefined,
    key: given.get("sslkey") || undefined,
  };
  const mode = modeOf(sslmode, host, files.ca, problems);
  if ((files.certificate === undefined) !== (files.key === undefined)) {
    problems.push("has one of sslcert and sslkey; a client's certificate is of no use without its key.");
  }
  if (mode === undefined && Object.values(files).some(Boolean) && problems.length === 0) {
    problems.push("has certificates, and no TLS to use them for; allowed: sslmode=verify-full.");
  }
  if (problems.length > 0) return { problems };
  return { url: { host, port: Number(parsed.port || 5432), database, user, password, mode, files }, problems };
}

function modeOf(named: string | null, host: string, ca: string | undefined, problems: string[]): TlsMode | undefined {
  if (named === null && isThisMachine(host)) return undefined;
  if (named === null) {
    problems.push(
      "has no sslmode, and libpq's own default goes on without TLS where the server has none. Add " +
        "?sslmode=verify-full&sslrootcert=FILE (or require, or disable).",
    );
    return undefined;
  }
  if (!MODES.includes(named as TlsMode)) {
    problems.push(`has sslmode ${JSON.stringify(named)}; allowed: ${MODES.join(", ")}.`);
    return undefined;
  }
  if (named === "disable") return undefined;
  // As in libpq: with a certificate authority, `require` checks who signed the certificate.
  const mode = named === "require" && ca !== undefined ? "verify-ca" : (named as TlsMode);
  if (mode !== "require" && ca === undefined) {
    problems.push(
      `has sslmode=${mode} without sslrootcert; name the file of the authority that signed the server's certificate, ` +
        "or sslrootcert=system for those that browsers trust.",
    );
  }
  return mode;
}

/** Whether the name means the machine that uses it. Inside a container, that is another one. */
export function isThisMachine(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
