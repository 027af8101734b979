import { createPrivateKey } from "node:crypto";
import { rootCertificates } from "node:tls";
import * as pulumi from "@pulumi/pulumi";
import { type DatabaseTls, SYSTEM_CA } from "../../database/address";
import type { SecretFile } from "./secrets";
import { OWN_KEY, SECRETS_FOLDER, TLS_FILES } from "./secrets-folder";

/**
 * TLS for Debezium: its keys, and the files that they name. None: `sslmode=disable`, since its own default would try.
 *
 * @returns `config` for `postgresSource`'s `tls`, `files` to upload into the worker's container, and what its shell does before
 */
export function tlsFiles(
  tls: DatabaseTls | undefined,
  folder: string = SECRETS_FOLDER,
): { config: Record<string, string>; files: SecretFile[]; prepare?: string } {
  if (!tls) return { config: { "database.sslmode": "disable" }, files: [] };
  const { mode, ca, certificate, key } = tls;
  const path = (name: keyof typeof TLS_FILES): string => `${folder}/${TLS_FILES[name]}`;
  const authorities = ca === SYSTEM_CA ? rootCertificates.join("\n") : ca;
  return {
    config: {
      "database.sslmode": mode,
      ...(authorities !== undefined && { "database.sslrootcert": path("ca") }),
      ...(certificate !== undefined && { "database.sslcert": path("certificate") }),
      ...(key !== undefined && { "database.sslkey": OWN_KEY }),
    },
    ...(key !== undefined && { prepare: `install -m 0600 ${path("key")} ${OWN_KEY}` }),
    files: [
      ...(authorities !== undefined ? [{ file: path("ca"), content: pulumi.secret(authorities) }] : []),
      ...(certificate !== undefined ? [{ file: path("certificate"), content: pulumi.secret(certificate) }] : []),
      // The driver reads keys as PKCS #8 in DER, and no PEM.
      ...(key !== undefined ? [{ file: path("key"), contentBase64: pulumi.secret(derOf(key)) }] : []),
    ],
  };
}

/** With its key, which nobody else may read, as a secret. */
export function secretTls(tls: DatabaseTls): pulumi.Output<DatabaseTls> {
  return pulumi.output({ ...tls, ...(tls.key !== undefined && { key: pulumi.secret(tls.key) }) });
}

function derOf(pem: string): string {
  return createPrivateKey(pem).export({ type: "pkcs8", format: "der" }).toString("base64");
}
