import { createPrivateKey } from "node:crypto";
import { rootCertificates } from "node:tls";
import * as pulumi from "@pulumi/pulumi";
import { type DatabaseTls, SYSTEM_CA } from "../database/address";
import { type SecretFile, SECRETS_FOLDER } from "./secrets";

/** Names of the worker's files, which whoever looks at the stack finds there too. */
export const TLS_FILES = {
  ca: "database-ca.pem",
  certificate: "database-certificate.pem",
  key: "database-key.pk8",
} as const;

/**
 * TLS for Debezium: its keys, and the files that they name. None: `sslmode=disable`, since its own default would try.
 *
 * @returns `config` for `postgresSource`'s `tls`, `files` to upload into the worker's container
 */
export function tlsFiles(
  tls: DatabaseTls | undefined,
  folder: string = SECRETS_FOLDER,
): { config: Record<string, string>; files: SecretFile[] } {
  if (!tls) return { config: { "database.sslmode": "disable" }, files: [] };
  const { mode, ca, certificate, key } = tls;
  const path = (name: keyof typeof TLS_FILES): string => `${folder}/${TLS_FILES[name]}`;
  const authorities = ca === SYSTEM_CA ? rootCertificates.join("\n") : ca;
  return {
    config: {
      "database.sslmode": mode,
      ...(authorities !== undefined && { "database.sslrootcert": path("ca") }),
      ...(certificate !== undefined && { "database.sslcert": path("certificate") }),
      ...(key !== undefined && { "database.sslkey": path("key") }),
    },
    files: [
      ...(authorities !== undefined ? [{ file: path("ca"), content: pulumi.secret(authorities) }] : []),
      ...(certificate !== undefined ? [{ file: path("certificate"), content: pulumi.secret(certificate) }] : []),
      // The driver reads keys as PKCS #8 in DER, and no PEM.
      ...(key !== undefined ? [{ file: path("key"), contentBase64: pulumi.secret(derOf(key)) }] : []),
    ],
  };
}

function derOf(pem: string): string {
  return createPrivateKey(pem).export({ type: "pkcs8", format: "der" }).toString("base64");
}
