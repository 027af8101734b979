import { plan } from "../../../toolchain/plan/plan.mjs";

/** Versions that are wanted. */
export const pins = {
  node: "20.19.0",
  pulumi: "3.274.1",
  languageHost: "3.68.0",
  plugins: { docker: "5.2.0", kafka: "3.13.2" },
  go: "1.26.6",
};

/** The facts of a machine that has everything. */
export const ready = {
  platform: "linux",
  root: false,
  debian: false,
  engine: { installed: true, version: "20.10.24+dfsg1", says: "" },
  disk: { folder: "/var/lib/docker", gigabytes: 50 },
  baseImage: true,
  baseTarball: false,
  go: undefined,
  cli: { folder: "/usr/bin", version: "3.250.0", origin: "path" },
  stack: "dev",
  plugins: { docker: "current", kafka: "current" },
  packages: true,
  certificates: true,
};
/** The facts of a bare Debian. */
export const bare = {
  ...ready,
  root: true,
  debian: true,
  engine: { installed: false, version: undefined, says: "docker is not installed" },
  baseImage: false,
  cli: undefined,
  stack: undefined,
  plugins: { docker: "missing", kafka: "missing" },
  packages: false,
  certificates: false,
};
/** The first missing step of a ready machine with other facts. */
export const only = (facts) => plan({ ...ready, ...facts }, pins)[0];
