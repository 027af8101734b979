import { readFileSync } from "node:fs";
import type { Component } from "./component";
import { compareVersions } from "./versions";

/** A published security advisory about a package. */
export interface Advisory {
  /** The publisher's id: `CVE-2026-2332`, `GHSA-72hv-8253-57qq`. */
  id: string;
  /** Package URL without a version: `pkg:maven/org.eclipse.jetty/jetty-http`. */
  package: string;
  /** Ranges of affected versions: from the first, which is affected, to the second, which is not. */
  affected: [from: string, fixed: string][];
  /** Who can do what by it. */
  what: string;
}

/** An advisory about a package in use, and why it is accepted, in CycloneDX's terms. */
export interface Accepted {
  id: string;
  package: string;
  state: "not_affected" | "exploitable" | "in_triage";
  justification?: "code_not_reachable" | "requires_environment" | "protected_at_perimeter";
  why: string;
}

/** The list that is kept in the repository. */
export interface AdvisoryList {
  /** When the list was last brought up to date, YYYY-MM-DD. Later advisories are not in it. */
  read: string;
  /** Where its advisories were published. */
  sources: string[];
  advisories: Advisory[];
  accepted: Accepted[];
}

export interface AffectedComponent {
  advisory: Advisory;
  component: Component;
  /** Undefined when no reason to accept it is given. */
  accepted: Accepted | undefined;
}

export function readAdvisories(): AdvisoryList {
  return JSON.parse(readFileSync("commands/bom/advisories.json", "utf8")) as AdvisoryList;
}

/** Pure: the components that the list's advisories affect. */
export function findingsIn(components: readonly Component[], list: AdvisoryList): AffectedComponent[] {
  return components.flatMap((component) =>
    list.advisories
      .filter((advisory) => concerns(advisory, component))
      .map((advisory) => ({
        ...{ advisory, component },
        accepted: list.accepted.find((each) => each.id === advisory.id && each.package === advisory.package),
      })),
  );
}

function concerns({ package: name, affected }: Advisory, { purl, version }: Component): boolean {
  if (!purl.startsWith(`${name}@`)) return false;
  return affected.some(([from, fixed]) => compareVersions(version, from) >= 0 && compareVersions(version, fixed) < 0);
}

/** Where an advisory can be read. */
export function advisoryUrl(id: string): string {
  return id.startsWith("GHSA-") ? `https://github.com/advisories/${id}` : `https://www.cve.org/CVERecord?id=${id}`;
}
