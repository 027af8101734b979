import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { aptSources, mirrorsFrom } from "../../toolchain/plan/base-image.mjs";
import { cacheFolder } from "../../toolchain/environment/cache.mjs";
import { splitPem } from "../../program/certificates.cjs";
import { environment, preloading, shellLines } from "../../toolchain/environment/environment.mjs";
import { capture } from "../../toolchain/programs/command.mjs";
import { took } from "../../toolchain/report.mjs";
import { compareVersions, pinsFrom, versionIn } from "../../toolchain/plan/versions.mjs";

describe("versions", () => {
  test("are found in what programs print", () => {
    expect(versionIn("go version go1.26 linux/amd64")).toBe("1.26.0");
    expect(versionIn("v3.274.1")).toBe("3.274.1");
    expect(versionIn("nothing")).toBeUndefined();
  });

  test("are compared number by number", () => {
    expect(["3.9.0", "3.10.0", "3.9.10"].sort(compareVersions)).toEqual(["3.9.0", "3.9.10", "3.10.0"]);
  });

  test("come from package.json and the go.mod files", () => {
    const goMod = (module) => readFileSync(`toolchain/go/${module}/go.mod`, "utf8");
    const goMods = {
      pulumi: goMod("pulumi"),
      "language-nodejs": goMod("language-nodejs"),
      providers: goMod("providers"),
    };
    const packageJson = readFileSync("package.json", "utf8");
    const pins = pinsFrom(packageJson, goMods);
    expect(pins.plugins.docker).toBe(JSON.parse(packageJson).dependencies["@pulumi/docker"]);
    for (const version of [pins.node, pins.pulumi, pins.languageHost, pins.go, pins.plugins.kafka])
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test("a go.mod without its pin is named", () => {
    const text = JSON.stringify({ engines: { node: ">=20" }, dependencies: {} });
    expect(() => pinsFrom(text, { pulumi: "go 1.26", "language-nodejs": "", providers: "" })).toThrow("pulumi/pkg/v3");
  });
});

describe("the cache", () => {
  test.each([
    ["linux", { CDC_CACHE_DIR: "/big/disk" }, "/big/disk"],
    ["linux", { XDG_CACHE_HOME: "/x" }, "/x/cdc"],
    ["linux", {}, "/home/me/.cache/cdc"],
    ["darwin", {}, "/home/me/Library/Caches/cdc"],
    ["win32", { LOCALAPPDATA: "C:\\Local" }, "C:\\Local\\cdc"],
  ])("%s %j", (platform, env, folder) => {
    expect(cacheFolder(platform, env, "/home/me")).toBe(folder);
  });
});

test("no character is lost where a program's output comes in pieces", async () => {
  const script = "process.stdout.write('x' + '\u0436'.repeat(200_000))";
  const { stdout } = await capture(process.execPath, ["-e", script]);
  expect(stdout.replace(/\u0436/g, "")).toBe("x");
});

describe("the environment of commands", () => {
  const machine = {
    platform: "linux",
    root: "/p",
    env: { PATH: "/usr/bin" },
    cli: { folder: "/usr/bin", origin: "path" },
  };

  test("with the user's own CLI", () => {
    expect(environment(machine)).toEqual({
      GOGC: "400",
      PATH: "/p/node_modules/.bin:/usr/bin",
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_PARALLEL: "64",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    });
  });

  test("a built CLI comes first, once, and does not look for plugin downloads", () => {
    const cli = { folder: "/cache/pulumi", origin: "built" };
    const changes = environment({ ...machine, cli, env: { PATH: "/usr/bin:/cache/pulumi" } });
    expect(changes.PATH).toBe("/cache/pulumi:/p/node_modules/.bin:/usr/bin");
    expect(changes.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION).toBe("true");
  });

  test.each(["GOGC", "PULUMI_PARALLEL"])("%s is the user's to say", (name) => {
    expect(environment({ ...machine, env: { ...machine.env, [name]: "50" } })[name]).toBe("50");
  });

  test.each(["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"])("%s of the user wins", (name) => {
    expect(environment({ ...machine, env: { ...machine.env, [name]: "mine" } })).not.toHaveProperty(
      "PULUMI_CONFIG_PASSPHRASE",
    );
  });

  test("Docker's chosen context reaches the provider; DOCKER_HOST wins over it", () => {
    const dockerHost = "unix:///home/me/.colima/docker.sock";
    expect(environment({ ...machine, dockerHost }).DOCKER_HOST).toBe(dockerHost);
    expect(environment({ ...machine, dockerHost, env: { DOCKER_HOST: "tcp://x" } })).not.toHaveProperty("DOCKER_HOST");
  });

  test.each(["http_proxy", "https_proxy", "grpc_proxy"])(
    "with %s Pulumi's own connections stay on this machine",
    (name) => {
      const env = { ...machine.env, [name]: "http://proxy:3128", no_proxy: ".corp" };
      expect(environment({ ...machine, env }).no_grpc_proxy).toBe("127.0.0.1,localhost");
      const more = { ...env, no_grpc_proxy: "10.0.0.1,localhost" };
      expect(environment({ ...machine, env: more }).no_grpc_proxy).toBe("10.0.0.1,localhost,127.0.0.1");
    },
  );

  test("Windows: its separator and its spelling of PATH", () => {
    const changes = environment({ ...machine, platform: "win32", root: "C:\\p", env: { Path: "C:\\Windows" } });
    expect(changes.Path).toBe("C:\\p\\node_modules\\.bin;C:\\Windows");
  });

  test("a file to load first goes behind the user's own options, once, and its path may hold anything", () => {
    const once = preloading('/my "p"/lean.cjs', { NODE_OPTIONS: "--max-old-space-size=512" });
    expect(once).toEqual({ NODE_OPTIONS: '--max-old-space-size=512 --require "/my \\"p\\"/lean.cjs"' });
    expect(preloading('/my "p"/lean.cjs', once)).toEqual(once);
    expect(preloading("C:\\p\\lean.cjs", {})).toEqual({ NODE_OPTIONS: '--require "C:\\\\p\\\\lean.cjs"' });
  });

  test("quotes survive the shell", () => {
    expect(shellLines({ A: "it's" }, "linux")).toEqual([`export A='it'\\''s'`]);
    expect(shellLines({ A: "it's" }, "win32")).toEqual([`$env:A = 'it''s'`]);
  });
});

describe("the base image", () => {
  const targets = [
    "Debian\tmain\tbookworm-updates\thttp://mirror/debian/",
    "Debian\tmain\tbookworm\thttp://mirror/debian/",
    "Other\tmain\tbookworm\thttp://other/",
    "Debian-Security\tmain\tbookworm-security\thttp://mirror/security/",
  ].join("\n");

  test("takes its packages from where this host's apt does", () => {
    const text = aptSources(mirrorsFrom(targets));
    expect(text).toContain("URIs: http://mirror/debian/\nSuites: trixie trixie-updates\n");
    expect(text).toContain("URIs: http://mirror/security/\nSuites: trixie-security\n");
    expect(text).not.toContain("other");
  });

  test("names no suite that the mirror may not have", () => {
    expect(aptSources(mirrorsFrom("Debian\tmain\tbookworm\thttps://m/\n"))).toMatch(
      /^Types: deb\nURIs: https:\/\/m\/\nSuites: trixie\n[^]*gpg\n$/,
    );
    expect(aptSources(mirrorsFrom("Debian\tmain\tbookworm\tfile:/cdrom"))).toBeUndefined();
  });
});

test("a bundle becomes one file for each certificate, whatever is between them", () => {
  const certificate = (body) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
  expect(splitPem(`# mine\n${certificate("AAA=")}\nand\n${certificate("BBB=")}`)).toEqual([
    certificate("AAA="),
    certificate("BBB="),
  ]);
  expect(splitPem("no certificate")).toEqual([]);
});

test("durations read well", () => {
  expect(took(0, 640)).toBe("0.6 s");
  expect(took(0, 250_000)).toBe("4 min 10 s");
});
