import { advisoryUrl, type AffectedComponent } from "./advisories";
import type { Component } from "./component";

/** The image that a bill of materials is about. */
export interface Subject {
  /** The image's name, without its tag. */
  name: string;
  /** Its tag. */
  version: string;
  /** Its id: `sha256:…`. */
  id: string;
}

/**
 * Pure: a bill of materials in CycloneDX 1.6, with the advisories about its parts and why they are accepted.
 *
 * @param at ISO 8601
 */
export function cycloneDx(
  subject: Subject,
  components: readonly Component[],
  findings: readonly AffectedComponent[],
  at: string,
) {
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: at,
      component: {
        type: "container",
        "bom-ref": subject.id,
        name: subject.name,
        version: subject.version,
        hashes: [{ alg: "SHA-256", content: subject.id.replace(/^sha256:/, "") }],
      },
    },
    components: components.map(({ sha256, ...component }) => ({
      type: "library",
      "bom-ref": component.purl,
      ...component,
      ...(sha256 !== undefined && { hashes: [{ alg: "SHA-256", content: sha256 }] }),
    })),
    vulnerabilities: findings.map(({ advisory, component, accepted }) => ({
      id: advisory.id,
      source: { url: advisoryUrl(advisory.id) },
      description: advisory.what,
      affects: [{ ref: component.purl }],
      analysis: accepted
        ? {
            state: accepted.state,
            ...(accepted.justification !== undefined && { justification: accepted.justification }),
            detail: accepted.why,
          }
        : { state: "in_triage" },
    })),
  };
}
