import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { contentHash, Image, type ImageArgs } from "../../../components/images/images";

const CONTEXT = "images/postgres";
const TAGGED = `cdc/postgres:${contentHash(CONTEXT)}`;

interface Declared {
  name: string;
  inputs: Record<string, unknown>;
}

let declared: Declared[];
let info: jest.SpiedFunction<typeof pulumi.log.info>;
beforeEach(async () => {
  declared = [];
  info = jest.spyOn(pulumi.log, "info").mockResolvedValue();
  info.mockClear();
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      if (type.startsWith("docker:")) declared.push({ name, inputs: inputs as Record<string, unknown> });
      return { id: name, state: inputs };
    },
    call: ({ inputs }) => inputs,
  });
});

async function declare(args: Partial<ImageArgs>): Promise<Declared> {
  const image = new Image("postgres", { built: "postgres", context: CONTEXT, ...args });
  await new Promise((resolve) => image.reference.apply(resolve));
  return declared[0]!;
}

test("an image that the engine does not have is built from its folder, and named after what is in it", async () => {
  const { name, inputs } = await declare({ present: new Set(["cdc/postgres:of-before", "cdc/kafka:1"]) });
  expect(name).toBe(`postgres-image-${contentHash(CONTEXT)}`);
  expect(inputs).toMatchObject({
    ...{ name: TAGGED, keepLocally: true },
    build: {
      context: CONTEXT,
      noCache: false,
      label: { "cdc.checkout": process.cwd() },
      buildArgs: { PACKAGES_OF: "" },
    },
  });
});

test("another image of the same folder is another resource: one that was found keeps having no build", async () => {
  const { name, inputs } = await declare({ built: "postgres-18", present: new Set([TAGGED]) });
  expect(name).toBe(`postgres-image-18-${contentHash(CONTEXT)}`);
  expect(inputs).toMatchObject({ name: `cdc/postgres-18:${contentHash(CONTEXT)}`, build: { context: CONTEXT } });
});

test("the engine's own builder makes it, whichever buildx would take", async () => {
  expect((await declare({})).inputs).toMatchObject({ build: { builder: "default" } });
});

test("a rebuild is another image of the same content, made without the cache, and is taken from then on", async () => {
  const rebuilt = `${TAGGED}-20260102030405`;
  const rebuild = new Map([["cdc/postgres", "20260102030405"]]);
  const { name, inputs } = await declare({ present: new Set([TAGGED]), rebuild });
  expect(name).toBe(`postgres-image-${contentHash(CONTEXT)}-20260102030405`);
  expect(inputs).toMatchObject({
    name: rebuilt,
    build: { noCache: true, buildArgs: { PACKAGES_OF: "20260102030405" } },
  });

  declared = [];
  const taken = await declare({ present: new Set([TAGGED, rebuilt]) });
  expect(taken).toEqual({ name, inputs: { name: rebuilt, keepLocally: true } });
});

test("an edit after a rebuild is built on the packages of that rebuild", async () => {
  const { inputs } = await declare({ present: new Set(["cdc/postgres:0123456789ab-20260102030405"]) });
  expect(inputs).toMatchObject({
    name: `${TAGGED}-20260102030405`,
    build: { noCache: false, buildArgs: { PACKAGES_OF: "20260102030405" } },
  });
});

test("one that the engine has is taken as it is", async () => {
  const { name, inputs } = await declare({ present: new Set([TAGGED]) });
  expect(name).toBe(`postgres-image-${contentHash(CONTEXT)}`);
  expect(inputs).toEqual({ name: TAGGED, keepLocally: true });
});

test("a build is announced with the file that has its steps' output, and an image that is there is not", async () => {
  await declare({ present: new Set([TAGGED]) });
  expect(info).not.toHaveBeenCalled();
  declared = [];
  const { inputs } = await declare({});
  const { buildLogFile } = inputs["build"] as { buildLogFile: string };
  expect(info.mock.calls.map(([text]) => text)).toEqual([
    `the engine does not have this image yet; it is built from ${CONTEXT}. Output: ${buildLogFile}`,
  ]);
});

test("one made from another that is built here is another one when that is", async () => {
  const own = (await declare({ base: "cdc/kafka:1" })).inputs["name"];
  expect(own).toMatch(/^cdc\/postgres:[0-9a-f]{12}$/);
  expect(own).not.toBe(TAGGED);
  declared = [];
  expect((await declare({ base: "cdc/kafka:2" })).inputs["name"]).not.toBe(own);
});

test("an image of the user's own is never built", async () => {
  expect(await declare({ instead: "postgres:17" })).toEqual({
    name: "postgres-image",
    inputs: { name: "postgres:17", keepLocally: true },
  });
});

test("certificates at the top of an image's folder are no content, and a folder of that name within a plugin is", () => {
  const folder = mkdtempSync(join(tmpdir(), "cdc-content-"));
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    return contentHash(folder);
  };
  try {
    const hash = write("Dockerfile", "FROM scratch");
    expect(write("certs/proxy.crt", "here")).toBe(hash);
    const plugged = write("plugins/mine/certs/ca.pem", "before");
    expect(plugged).not.toBe(hash);
    expect(write("plugins/mine/certs/ca.pem", "after")).not.toBe(plugged);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
