import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { hiddenState } from "../../../components/preflight/other-backend";

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "backend-"));
  const place = join(root, ".state", ".pulumi", "stacks", "cdc");
  mkdirSync(place, { recursive: true });
  const state = (...types: string[]) =>
    JSON.stringify({ checkpoint: { latest: { resources: types.map((type) => ({ type })) } } });
  writeFileSync(join(place, "dev.json"), state("pulumi:pulumi:Stack", "docker:index/volume:Volume"));
  writeFileSync(join(place, "new.json"), state("pulumi:pulumi:Stack"));
  writeFileSync(join(place, "torn.json"), '{"checkpoint": {');
});

afterAll(() => rmSync(root, { recursive: true }));

const hidden = (stack: string, url?: string) =>
  hiddenState("cdc", stack, "`npm stop`", url === undefined ? {} : { PULUMI_BACKEND_URL: url }, root);

test("a stack that this folder's own state knows is told from one that nobody knows, where the variable names another backend", () => {
  expect(hidden("dev", "file:///srv/state")).toBe(
    "This folder's own state knows them, and PULUMI_BACKEND_URL names another one (file:///srv/state): `unset PULUMI_BACKEND_URL`, then `npm stop` again.",
  );
  expect(hidden("dev", "s3://bucket")).toContain("(s3://bucket)");
  expect(hidden("dev", "postgres://root:secret@db/state")).toContain("(postgres://…@db/state)");
});

test.each([
  ["the variable is not set", "dev", undefined],
  ["the variable names this folder's own state", "dev", "file://./.state?metadata=skip"],
  ["the own state has nothing of the stack yet", "new", "file:///srv/state"],
  ["the own state cannot be read", "torn", "file:///srv/state"],
  ["the own state has no such stack", "other", "file:///srv/state"],
])("nothing is said where %s", (_, stack, url) => expect(hidden(stack, url)).toBeUndefined());
