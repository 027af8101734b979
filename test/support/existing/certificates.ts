import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Certificates in PEM, made for a test: those of an authority, a server and a client. */
export interface TestCertificates {
  ca: string;
  serverCertificate: string;
  serverKey: string;
  clientCertificate: string;
  clientKey: string;
  /** An authority that signed none of them. */
  otherCa: string;
}

/**
 * @param names the server's, such as `DNS:db.example,IP:127.0.0.1`
 * @param user the client's name
 */
export function makeCertificates(names: string, user: string): TestCertificates {
  const folder = mkdtempSync(join(tmpdir(), "cdc-certificates-"));
  const path = (name: string): string => join(folder, name);
  const openssl = (...args: string[]) =>
    execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const authority = (name: string) =>
    openssl(
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
      ...["-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.crt`],
    );
  const signed = (name: string, subject: string, extensions: string) => {
    writeFileSync(path(`${name}.ext`), extensions);
    openssl(
      ...["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", `/CN=${subject}`],
      ...["-keyout", `${name}.key`, "-out", `${name}.csr`],
    );
    openssl(
      ...["x509", "-req", "-in", `${name}.csr`, "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"],
      ...["-extfile", `${name}.ext`, "-out", `${name}.crt`],
    );
  };
  try {
    authority("ca");
    authority("other");
    signed("server", "server", `subjectAltName=${names}`);
    signed("client", user, "extendedKeyUsage=clientAuth");
    const text = (name: string): string => readFileSync(path(name), "utf8");
    return {
      ...{ ca: text("ca.crt"), otherCa: text("other.crt") },
      ...{ serverCertificate: text("server.crt"), serverKey: text("server.key") },
      ...{ clientCertificate: text("client.crt"), clientKey: text("client.key") },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
