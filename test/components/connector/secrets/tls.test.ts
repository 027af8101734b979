import { createPrivateKey } from "node:crypto";
import { rootCertificates } from "node:tls";
import { expect, test } from "@jest/globals";
import type * as pulumi from "@pulumi/pulumi";
import { tlsFiles } from "../../../../components/connector/secrets/tls";
import { makeCertificates } from "../../../support/existing/certificates";

const known = <T>(value: pulumi.Output<T>): Promise<T> => new Promise((resolve) => void value.apply(resolve));

test("without TLS, Debezium's config says so: by default it would try TLS", () => {
  expect(tlsFiles(undefined)).toEqual({ config: { "database.sslmode": "disable" }, files: [] });
});

test("certificates are files of the worker, the key in the form that the driver reads", async () => {
  const { ca, clientCertificate, clientKey } = makeCertificates("DNS:db", "admin");
  const made = tlsFiles({ mode: "verify-full", ca, certificate: clientCertificate, key: clientKey });
  const { config, files } = made;
  expect(config).toEqual({
    "database.sslmode": "verify-full",
    "database.sslrootcert": "/kafka/secrets/database-ca.pem",
    "database.sslcert": "/kafka/secrets/database-certificate.pem",
    "database.sslkey": "/tmp/database-key.pk8",
  });
  expect(files.map(({ file }) => file)).toEqual([
    ...["/kafka/secrets/database-ca.pem", "/kafka/secrets/database-certificate.pem", "/kafka/secrets/database-key.pk8"],
  ]);
  // The driver takes no key that others may read.
  expect(made.prepare).toBe("install -m 0600 /kafka/secrets/database-key.pk8 /tmp/database-key.pk8");
  const der = Buffer.from(await known(files[2]!.contentBase64!), "base64");
  expect(createPrivateKey({ key: der, format: "der", type: "pkcs8" }).equals(createPrivateKey(clientKey))).toBe(true);
});

test("the system's authorities are a file, too", async () => {
  const { config, files } = tlsFiles({ mode: "verify-full", ca: "system" });
  expect(config["database.sslrootcert"]).toBe("/kafka/secrets/database-ca.pem");
  expect(await known(files[0]!.content!)).toBe(rootCertificates.join("\n"));
});
