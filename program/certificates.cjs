// Certificates of TLS-inspecting proxies: what this host trusts in addition, builds of images must trust too. CommonJS by its name,
// since the set-up (ES modules) and an installed package's program both load it.
const { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const HOST_FOLDER = "/usr/local/share/ca-certificates";

/** Files that hold the certificates that everybody trusts; naming one in NODE_EXTRA_CA_CERTS adds nothing. */
const SYSTEM_BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/ssl/cert.pem",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
];

/** The certificates in a PEM text, one each: tools that read a certificate file take only its first. */
function splitPem(text) {
  return (text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map((each) => `${each}\n`);
}

/** Whether the images' folder differs from what this host has. */
function certificatesDiffer(root, env) {
  return changes(root, env).length > 0;
}

/** Copies new and changed certificates and removes gone ones; untouched files keep the image's hash. */
function copyCertificates(root, env) {
  mkdirSync(folderIn(root), { recursive: true });
  for (const { file, text } of changes(root, env)) {
    if (text === undefined) rmSync(join(folderIn(root), file));
    else writeFileSync(join(folderIn(root), file), text);
  }
}

function folderIn(root) {
  return join(root, "images", "kafka", "certs");
}

function changes(root, env) {
  const wanted = hostCertificates(env);
  const present = new Map(readFolder(folderIn(root)));
  const gone = [...present.keys()].filter((file) => !wanted.has(file)).map((file) => ({ file, text: undefined }));
  const changed = [...wanted]
    .filter(([file, text]) => present.get(file) !== text)
    .map(([file, text]) => ({ file, text }));
  return [...gone, ...changed];
}

/** By the name of the file that the images get. @param folder of what a Linux host trusts in addition */
function hostCertificates(env, folder = HOST_FOLDER) {
  const found = new Map();
  const add = (name, text) => {
    const all = splitPem(text);
    all.forEach((each, i) => found.set(all.length === 1 ? `${name}.crt` : `${name}-${i + 1}.crt`, each));
  };
  if (process.platform === "linux") {
    for (const [file, text] of readFolder(folder)) add(file.slice(0, -".crt".length), text);
  }
  const extra = env.NODE_EXTRA_CA_CERTS;
  if (extra && existsSync(extra) && !SYSTEM_BUNDLES.some((bundle) => same(bundle, extra))) {
    add("node-extra", read(extra) ?? "");
  }
  return found;
}

function same(left, right) {
  return existsSync(left) && realpathSync(left) === realpathSync(right);
}

/** Also of subfolders, as `update-ca-certificates` reads them; a file there is named after its way. A link without a target is none, as there. */
function readFolder(folder) {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true }).map(String);
  return files
    .filter((file) => file.endsWith(".crt"))
    .flatMap((file) => {
      const text = read(join(folder, file));
      return text === undefined ? [] : [[file.replaceAll(/[\\/]/g, "-"), text]];
    });
}

const told = new Set();

/** @returns undefined for a folder, a link without a target, and a file that this user may not read, which is told once */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (!["ENOENT", "EISDIR"].includes(error.code) && !told.has(file)) {
      told.add(file);
      process.stderr.write(`Not read, so the images will not trust what is in it: ${file} (${error.code})\n`);
    }
    return undefined;
  }
}

module.exports = { certificatesDiffer, copyCertificates, hostCertificates, splitPem };
