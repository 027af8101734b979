import { createPrivateKey } from "node:crypto";
import { rootCertificates } from "node:tls";
import * as pulumi from "@pulumi/pulumi";
import { type DatabaseTls, SYSTEM_CA } from "../../database/address";
import type { SecretFile } from "./secrets";
import { OWN_KEY, SECRETS_FOLDER, TLS_FILES } from "./secrets-folder";

/**
 * Debezium's config keys for TLS, and the files that they name. Without `tls`: `sslmode=disable`, since Debezium's own default tries TLS.
 *
 * @returns `config` for `postgresSource`'s `tls`, `files` to upload into the worker's container, and `prepare`, a shell command that the
 *   container runs before the worker
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
      // The driver reads a key only as PKCS #8 in DER, not as PEM.
      ...(key !== undefined ? [{ file: path("key"), contentBase64: pulumi.secret(derOf(key)) }] : []),
    ],
  };
}

/** The TLS options with the client key as a Pulumi secret. */
export function secretTls(tls: DatabaseTls): pulumi.Output<DatabaseTls> {
  return pulumi.output({ ...tls, ...(tls.key !== undefined && { key: pulumi.secret(tls.key) }) });
}

function derOf(pem: string): string {
  return createPrivateKey(pem).export({ type: "pkcs8", format: "der" }).toString("base64");
}
