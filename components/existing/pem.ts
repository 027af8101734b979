/** Reads files with certificates and keys. Errors are sentences, and come before a file is used. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** @param setting name of the setting that names the file @returns the certificates in it @throws when there is none */
export function readPem(setting: string, folder: string, file: string): string {
  const text = readText(setting, folder, file);
  try {
    new X509Certificate(text);
    return text;
  } catch {
    throw new Error(`${setting} is "${file}", which holds no certificate in PEM (-----BEGIN CERTIFICATE-----).`);
  }
}

/**
 * @param certFile the certificate to which the key has to belong
 * @returns the key in PKCS#8, the only form that Java reads
 */
export function readPrivateKey(setting: string, folder: string, file: string, certFile: string): string {
  const text = readText(setting, folder, file);
  let key;
  try {
    key = createPrivateKey(text);
  } catch {
    throw new Error(
      `${setting} is "${file}", which holds no private key in PEM that can be read without a word: ` +
        "`openssl pkey -in FILE -out KEY` makes one.",
    );
  }
  if (!new X509Certificate(readText(setting, folder, certFile)).checkPrivateKey(key))
    throw new Error(`${setting} is "${file}", which is not the key of the certificate in "${certFile}".`);
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

function readText(setting: string, folder: string, file: string): string {
  try {
    return readFileSync(resolve(folder, file), "utf8");
  } catch (error) {
    throw new Error(`${setting} is "${file}", which cannot be read (${(error as NodeJS.ErrnoException).code}).`, {
      cause: error,
    });
  }
}
