import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import yaml from "yaml";
import { OWN_DATABASE } from "../../../components/database/database-setting";
import { parseSettings } from "../../../components/settings/settings";
import { DEFAULTS } from "./defaults";

describe("a database that is there already", () => {
  const parse = (change: Record<string, string>, ...secret: string[]) =>
    parseSettings(
      { ...DEFAULTS, ...change },
      "cdc",
      "dev",
      secret.map((key) => `cdc:${key}`),
    );
  const databaseUrl = "postgres://admin:hunter2@db.example:6432/Shop?sslmode=require";

  test("takes the place of the stack's own", () => {
    const { settings, existing, problems: found } = parse({ databaseUrl }, "databaseUrl");
    expect(found).toEqual([]);
    expect(settings).toMatchObject({ database: "Shop", user: "admin" });
    expect(settings.existingDatabase).toEqual({
      ...{ host: "db.example", port: 6432, containerHost: "db.example", tls: { mode: "require" } },
    });
    expect(JSON.stringify(settings)).not.toContain("hunter2");
    expect(existing?.password).toBe("hunter2");
  });

  test("on this machine itself: containers find it by another name, and no certificate by that", () => {
    const { settings } = parse({ databaseUrl: "postgres://a:b@localhost/d" }, "databaseUrl");
    expect(settings.existingDatabase).toEqual({ host: "localhost", port: 5432, containerHost: "host.docker.internal" });
    const checked = "postgres://a:b@localhost/d?sslmode=verify-full&sslrootcert=system";
    expect(parse({ databaseUrl: checked }, "databaseUrl").problems).toEqual([
      expect.stringContaining(
        "cdc:databaseUrl (set in Pulumi.dev.yaml or by `pulumi config set`) names this machine as localhost",
      ),
    ]);
  });

  test("with a password for a short time", () => {
    const command = { databaseUrl: "postgres://a@h/d?sslmode=require", databasePasswordCommand: "aws rds token" };
    const { settings, problems: found } = parse({ ...command, capturePassword: "x" }, "capturePassword");
    expect(found).toEqual([]);
    expect(settings.existingDatabase).toMatchObject({ passwordCommand: "aws rds token" });
    expect(parse(command).problems).toEqual([]);
    expect(parse({ ...command, databaseUrl }, "databaseUrl").problems).toEqual([
      expect.stringContaining("prints the password that cdc:databaseUrl has already"),
    ]);
  });

  test.each([
    ["postgresPort", "55433"],
    ["postgresImage", "postgres:17"],
    ["postgresConfig", '{"work_mem":"16MB"}'],
    ["postgresVersion", "18"],
    ["postgresMemoryMb", "1024"],
    ["initFolder", "sql"],
    ["database", "mine"],
    ["user", "me"],
    ["password", "word"],
  ])("%s is about the stack's own, and refused", (key, value) => {
    expect(parse({ databaseUrl, [key]: value }, "databaseUrl", "password").problems).toEqual([
      `cdc:${key} (set in Pulumi.dev.yaml or by \`pulumi config set\`) is about the stack's own database, and cdc:databaseUrl names ` +
        "another one: `pulumi config rm` it.",
    ]);
  });

  test("an object of the stack's own server settings that is empty says nothing of them", () => {
    expect(parse({ databaseUrl, postgresConfig: "{}" }, "databaseUrl").problems).toEqual([]);
  });

  test("what is wrong never shows the password", () => {
    expect(parse({ databaseUrl }).problems).toEqual([
      expect.stringContaining("is set as plain text; set it with `pulumi config set --secret databaseUrl`."),
    ]);
    expect(parse({ databaseUrl: "postgres://a:hunter2@h/d" }, "databaseUrl").problems.join()).not.toContain("hunter2");
    expect(parse({ databaseUrl: databaseUrl.replace("admin", "debezium") }, "databaseUrl").problems).toEqual([
      expect.stringContaining("cdc:captureName is"),
    ]);
    expect(parse({ capturePassword: "x" }, "capturePassword").problems).toEqual([
      expect.stringContaining("is about the database of cdc:databaseUrl, which names none."),
    ]);
  });

  test("the own one's defaults are those of Pulumi.yaml", () => {
    const { config } = yaml.parse(readFileSync("Pulumi.yaml", "utf8")) as {
      config: Record<string, { default: unknown }>;
    };
    for (const [key, usual] of Object.entries(OWN_DATABASE)) expect(String(config[key]?.default ?? "")).toBe(usual);
  });
});
