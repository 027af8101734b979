import { expect, test } from "@jest/globals";
import { findingsIn } from "../../../commands/bom/advisories";
import { componentsIn } from "../../../commands/bom/contents";
import { cycloneDx } from "../../../commands/bom/cyclonedx";
import { packagesIn } from "../../../commands/bom/package-lock";
import { packagesOf } from "../../../program/bundled-packages";

const HASH = "a".repeat(64);
const DEBIAN = `## os
PRETTY_NAME="Debian GNU/Linux 13 (trixie)"
VERSION_ID="13"
ID=debian
## deb
libstdc++6\t14.2.0-19\tamd64
login\t1:4.16.0-2+really2.41-5\tamd64
## apk
## java
IMPLEMENTOR="Debian"
JAVA_VERSION="25.0.1"
## maven
# What it is.
org.apache.kafka:kafka_2.13:3.9.2
at.yawk.lz4:lz4-java:1.10.0
## jars
${HASH}  /kafka/libs/kafka_2.13-3.9.2.jar
## npm
@scope/word@1.0.0
kafkajs@2.2.4
`;

test("an image's parts have the names that their registries know, and hashes where they are files", () => {
  expect(componentsIn(DEBIAN).map(({ purl, sha256 }) => [purl, ...(sha256 ? [sha256] : [])])).toEqual([
    ["pkg:deb/debian/libstdc%2B%2B6@14.2.0-19?arch=amd64&distro=debian-13"],
    ["pkg:deb/debian/login@1:4.16.0-2%2Breally2.41-5?arch=amd64&distro=debian-13"],
    ["pkg:generic/openjdk@25.0.1"],
    ["pkg:maven/org.apache.kafka/kafka_2.13@3.9.2", HASH],
    ["pkg:maven/at.yawk.lz4/lz4-java@1.10.0"],
    ["pkg:npm/%40scope/word@1.0.0"],
    ["pkg:npm/kafkajs@2.2.4"],
  ]);
});

test("one of Alpine's, and one that has nothing of ours, say what they have", () => {
  const alpine =
    "## os\nID=alpine\nVERSION_ID=3.22.1\n## deb\n## apk\nP:musl\nV:1.2.5-r10\nA:x86_64\nP:zlib\nV:1.3.1-r2\nA:x86_64\n";
  expect(componentsIn(alpine).map(({ purl }) => purl)).toEqual([
    "pkg:apk/alpine/musl@1.2.5-r10?arch=x86_64&distro=alpine-3.22.1",
    "pkg:apk/alpine/zlib@1.3.1-r2?arch=x86_64&distro=alpine-3.22.1",
  ]);
  expect(componentsIn("## os\n")).toEqual([]);
});

test("the bill says what of it has which hole, and why that stays", () => {
  const components = componentsIn(DEBIAN);
  const lz4 = "pkg:maven/at.yawk.lz4/lz4-java";
  const findings = findingsIn(components, {
    ...{ read: "2026-01-01", sources: [] },
    advisories: [{ id: "CVE-2025-66566", package: lz4, affected: [["1.8.0", "1.10.1"]], what: "tells" }],
    accepted: [
      { id: "CVE-2025-66566", package: lz4, state: "not_affected", justification: "code_not_reachable", why: "unused" },
    ],
  });
  const subject = { name: "cdc/kafka", version: "0123456789ab", id: `sha256:${HASH}` };
  const bill = cycloneDx(subject, components, findings, "2026-01-02T03:04:05.000Z");
  expect([bill.bomFormat, bill.specVersion, bill.metadata.component.name]).toEqual(["CycloneDX", "1.6", "cdc/kafka"]);
  expect(bill.components[3]).toEqual({
    ...{ type: "library", "bom-ref": "pkg:maven/org.apache.kafka/kafka_2.13@3.9.2" },
    ...{ group: "org.apache.kafka", name: "kafka_2.13", version: "3.9.2" },
    purl: "pkg:maven/org.apache.kafka/kafka_2.13@3.9.2",
    hashes: [{ alg: "SHA-256", content: HASH }],
  });
  const references = bill.components.map((component) => component["bom-ref"]);
  expect(references).toEqual([...new Set(references)]);
  expect(bill.vulnerabilities).toEqual([
    {
      id: "CVE-2025-66566",
      source: { url: "https://www.cve.org/CVERecord?id=CVE-2025-66566" },
      description: "tells",
      affects: [{ ref: `${lz4}@1.10.0` }],
      analysis: { state: "not_affected", justification: "code_not_reachable", detail: "unused" },
    },
  ]);
});

test("a lock file's packages are those in its folders, a package in another once for each version", () => {
  const packages = {
    "": { name: "cdc", version: "0.1.0" },
    "node_modules/@a/b": { version: "1.0.0" },
    "node_modules/c": { version: "2.0.0" },
    "node_modules/c/node_modules/@a/b": { version: "1.1.0" },
    "node_modules/d/node_modules/@a/b": { version: "1.1.0" },
    "node_modules/alias": { name: "real", version: "3.0.0" },
  };
  expect(packagesIn({ packages }).map(({ purl }) => purl)).toEqual([
    "pkg:npm/%40a/b@1.0.0",
    "pkg:npm/%40a/b@1.1.0",
    "pkg:npm/c@2.0.0",
    "pkg:npm/real@3.0.0",
  ]);
});

test("a bundle's packages are those of the files that it was made of", () => {
  const inputs = ["consumer/main.ts", "node_modules/kafkajs/index.js", "node_modules/kafkajs/src/a.js"];
  expect(packagesOf([...inputs, "node_modules/@jest/globals/build/index.js"])).toBe(
    "@jest/globals@30.5.2\nkafkajs@2.2.4\n",
  );
});
