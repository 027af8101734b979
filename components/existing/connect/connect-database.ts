/**
 * An existing database, read from a Connect that somebody else runs, too. The workers have none of the stack's files, so all that the driver
 * needs for TLS is in the connector's config.
 */
import { type DatabaseTls, SYSTEM_CA } from "../../database/address";
import { type ExistingDatabase, HOST_GATEWAY } from "../../database/database-setting";

/** With this class, Postgres' JDBC driver takes an authority's certificate as text and not as a file. */
const BY_TEXT = "org.postgresql.ssl.SingleCertValidatingFactory";
/** With this class, it trusts the authorities that Java trusts. */
const BY_JAVA = "org.postgresql.ssl.DefaultJavaSSLFactory";

const CA = "database.sslrootcert";
const CERTIFICATE = "database.sslcert";
const KEY = "database.sslkey";

/**
 * Pure.
 *
 * @param given keys of `cdc:connectorConfig`, which may name files that the workers have
 * @returns `config` for Debezium, and a sentence without its subject for each part that the config cannot hold
 */
export function foreignTls(
  tls: DatabaseTls | undefined,
  given: Readonly<Record<string, unknown>>,
): { config: Record<string, string>; problems: string[] } {
  if (!tls) return { config: { "database.sslmode": "disable" }, problems: [] };
  const { mode, ca, certificate } = tls;
  const config = { "database.sslmode": mode };
  const isGiven = (key: string): boolean => given[key] !== undefined;
  if (certificate !== undefined) {
    // That class takes no client's certificate. With one, all certificates have to be files.
    const missing = [CERTIFICATE, KEY, ...(ca === undefined ? [] : [CA])].filter((key) => !isGiven(key));
    return { config, problems: missing.length === 0 ? [] : [withoutFiles(missing)] };
  }
  if (ca === undefined || isGiven(CA)) return { config, problems: [] };
  if (ca === SYSTEM_CA) return { config: { ...config, "driver.sslfactory": BY_JAVA }, problems: [] };
  const certificates = ca.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  const problems = certificates.length > 1 ? [tooMany(certificates.length)] : [];
  const text = `${certificates[0] ?? ""}\n`;
  return { config: { ...config, "driver.sslfactory": BY_TEXT, "driver.sslfactoryarg": text }, problems };
}

function withoutFiles(keys: string[]): string {
  const named = keys.map((key) => `cdc:connectorConfig["${key}"]`).join(", ");
  return (
    "has a client's certificate (sslcert), which the workers of cdc:connectUrl take from files of their own only: put them there, the " +
    `key as PKCS #8 in DER (openssl pkcs8 -topk8 -nocrypt -outform DER), and name them with ${named}.`
  );
}

function tooMany(count: number): string {
  return (
    `has a sslrootcert with ${count} certificates, and the workers of cdc:connectUrl take one as text: leave the one that signed the ` +
    `server's, or put the file onto the workers and name it with cdc:connectorConfig["${CA}"].`
  );
}

/**
 * Pure.
 *
 * @param address `cdc:databaseAddress`
 * @param given keys of `cdc:connectorConfig`
 * @returns a sentence for each thing that is wrong
 */
export function databaseProblems(
  { host, containerHost, tls }: ExistingDatabase,
  address: string | undefined,
  given: Readonly<Record<string, unknown>>,
): string[] {
  const found = foreignTls(tls, given).problems.map((sentence) => `cdc:databaseUrl ${sentence}`);
  if (containerHost === HOST_GATEWAY && !address)
    found.push(
      `cdc:databaseUrl names this machine as ${host}, which the cluster of cdc:connectUrl does not find: say where it does with cdc:databaseAddress.`,
    );
  return found;
}
