import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { type AdvisoryList, findingsIn, readAdvisories } from "../../../commands/bom/advisories";
import { type Component, listedLibraries, mavenComponent, npmComponent } from "../../../commands/bom/component";
import { COORDINATIONS } from "../../../components/settings/coordination";
import { lockedPackages } from "../../../commands/bom/package-lock";

const list = readAdvisories();
const librariesOf = (coordination: string) =>
  listedLibraries(readFileSync(`images/kafka/${coordination}/libraries.txt`, "utf8")).map(mavenComponent);
const libraries = COORDINATIONS.flatMap(librariesOf);
const packages = lockedPackages();

describe("what the project uses", () => {
  test("has no published vulnerability of the list that nobody has reviewed", () => {
    for (const coordination of COORDINATIONS) expect(librariesOf(coordination).length).toBeGreaterThan(90);
    expect(packages.length).toBeGreaterThan(500);
    const open = findingsIn([...libraries, ...packages], list).filter(({ accepted }) => accepted === undefined);
    expect(open.map(({ advisory, component }) => `${advisory.id} ${component.purl}`)).toEqual([]);
  });

  test("has those that are borne, and the page on security says why", () => {
    const borne = findingsIn([...libraries, ...packages], list).filter(({ accepted }) => accepted !== undefined);
    // An advisory that no longer applies must be removed from the list.
    expect(borne.map(({ advisory }) => advisory.id).sort()).toEqual(list.accepted.map(({ id }) => id).sort());
    const page = readFileSync("docs/security.md", "utf8");
    for (const { id } of list.accepted) expect(page).toContain(id);
  });

  test("would report the versions that Kafka 3.9.2 brings", () => {
    const brought = ["org.apache.zookeeper:zookeeper:3.8.4", "io.netty:netty-codec:4.1.105.Final"].map(mavenComponent);
    expect(findingsIn(brought, list).map(({ advisory }) => advisory.id)).toEqual(
      expect.arrayContaining(["CVE-2026-24281", "CVE-2026-24308", "CVE-2025-58057"]),
    );
  });
});

describe("the list", () => {
  test("says when it was read, and each advisory is one that a register knows", () => {
    expect(list.read).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(list.sources.length).toBeGreaterThan(0);
    for (const { id, package: name, affected } of list.advisories) {
      expect(id).toMatch(/^(CVE-20\d\d-\d{4,}|GHSA(-[0-9a-z]{4}){3})$/);
      expect(name).toMatch(/^pkg:(maven|npm)\/[^@]+$/);
      expect(affected.length).toBeGreaterThan(0);
    }
    const names = list.advisories.map(({ id, package: name }) => `${id} ${name}`);
    expect(names).toEqual([...new Set(names)]);
  });

  const of = (affected: [string, string][]): AdvisoryList => ({
    read: "2026-01-01",
    sources: [],
    advisories: [{ id: "CVE-2026-0001", package: "pkg:npm/%40a/b", affected, what: "" }],
    accepted: [],
  });
  const hits = (component: Component, affected: [string, string][]) => findingsIn([component], of(affected)).length;

  test("concerns a package from the first affected version to the fixed one, and no package with a similar name", () => {
    const range: [string, string][] = [["1.2.0", "1.4.0"]];
    const versions = ["1.1.9", "1.2.0", "1.3.99", "1.4.0-rc.1", "1.4.0"];
    expect(versions.map((version) => hits(npmComponent(`@a/b@${version}`), range))).toEqual([0, 1, 1, 1, 0]);
    expect(hits(npmComponent("@a/bb@1.3.0"), range) + hits(npmComponent("b@1.3.0"), range)).toBe(0);
  });
});
