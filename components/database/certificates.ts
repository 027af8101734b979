import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { type DatabaseTls, SYSTEM_CA } from "./address";
import type { DatabaseUrl } from "./url";

/**
 * Reads the files that a connection string names.
 *
 * @param read a file's text, by its path relative to the project
 * @returns the TLS options of the string, with what is wrong with the files
 */
export function readCertificates(
  { mode, files }: Pick<DatabaseUrl, "mode" | "files">,
  read: (path: string) => string = (path) => readFileSync(path, "utf8"),
): { tls?: DatabaseTls; problems: string[] } {
  if (mode === undefined) return { problems: [] };
  const problems: string[] = [];
  const take = (parameter: string, path: string | undefined, what: string, look: (text: string) => unknown) => {
    if (path === undefined) return undefined;
    try {
      const text = read(path);
      look(text);
      return text;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      const why = code === "ENOENT" ? "is not there" : `is not ${what} (${message})`;
      problems.push(`names ${path} as ${parameter}, which ${why}; a path is relative to the project's folder.`);
      return undefined;
    }
  };
  const certificate = (text: string): unknown => new X509Certificate(text);
  const ca = files.ca === SYSTEM_CA ? SYSTEM_CA : take("sslrootcert", files.ca, "a certificate in PEM", certificate);
  const own = take("sslcert", files.certificate, "a certificate in PEM", certificate);
  const key = take("sslkey", files.key, "a private key in PEM without a passphrase", (text) => createPrivateKey(text));
  return { tls: { mode, ca, certificate: own, key }, problems };
}
