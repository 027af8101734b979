// The recipe of a base image made here: what a slim Debian image leaves out and has set. Pure data and functions.
import { createHash } from "node:crypto";
import { join } from "node:path";

export const SUITE = "trixie";
export const BASE_IMAGE = `debian:${SUITE}-slim`;

/** Emptied before packing; the folders themselves stay, since package scripts expect some of them. */
export const EMPTIED = [
  "usr/share/man",
  "usr/share/info",
  "usr/share/locale",
  "usr/share/groff",
  "usr/share/lintian",
  "usr/share/linda",
  "var/lib/apt/lists",
  "var/cache/apt",
  "var/cache/ldconfig",
  "var/log",
  "dev",
  "tmp",
];

/** Of this host, not of the image. */
export const REMOVED = ["etc/hostname", "etc/resolv.conf", "etc/apt/sources.list"];

/** Folders that apt wants to find. */
export const RECREATED = ["var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "var/log/apt"];

/** Files by path, each with its text and mode: later installs stay small and start no services. */
export const FILES = {
  "etc/dpkg/dpkg.cfg.d/slim": [
    "path-exclude /usr/share/doc/*",
    "path-include /usr/share/doc/*/copyright",
    "path-exclude /usr/share/info/*",
    "path-exclude /usr/share/lintian/*",
    "path-exclude /usr/share/locale/*",
    "path-exclude /usr/share/man/*",
    "force-unsafe-io",
  ],
  "etc/apt/apt.conf.d/99slim": [
    'APT::Install-Recommends "false";',
    'APT::Install-Suggests "false";',
    'Acquire::Languages "none";',
    'Acquire::GzipIndexes "true";',
    'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true"; };',
  ],
  "usr/sbin/policy-rc.d": ["#!/bin/sh", "# No service starts by being installed in an image.", "exit 101"],
  "etc/machine-id": [],
};

/**
 * Where this host's apt takes its packages from: a mirror that can be reached from here.
 *
 * @param {string} targets lines of `apt-get indextargets`: label, component, codename and address, tab-separated
 */
export function mirrorsFrom(targets) {
  const lines = targets.split("\n").map((line) => line.split("\t"));
  const of = (label, updates) =>
    lines.find(
      ([theLabel, component, codename = "", address = ""]) =>
        theLabel === label &&
        component === "main" &&
        codename.endsWith("-updates") === updates &&
        /^https?:/.test(address),
    )?.[3];
  return { main: of("Debian", false), updates: of("Debian", true), security: of("Debian-Security", false) };
}

/** The apt sources of the image. Without a mirror of its own, debootstrap's choice stays as it is. */
export function aptSources({ main, updates, security }) {
  if (!main) return undefined;
  const stanza = (address, suites) =>
    [
      "Types: deb",
      `URIs: ${address}`,
      `Suites: ${suites}`,
      "Components: main",
      "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg",
      "",
    ].join("\n");
  const stanzas = [stanza(main, updates ? `${SUITE} ${SUITE}-updates` : SUITE)];
  if (security) stanzas.push(stanza(security, `${SUITE}-security`));
  return stanzas.join("\n");
}

/** The packed image in the cache, named after its recipe: a changed recipe makes a new one. */
export function baseTarball(cache) {
  const recipe = JSON.stringify([EMPTIED, REMOVED, RECREATED, FILES]);
  return join(cache, `base-${SUITE}-${createHash("sha256").update(recipe).digest("hex").slice(0, 12)}.tar`);
}
