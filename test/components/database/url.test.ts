import { describe, expect, test } from "@jest/globals";
import { readCertificates } from "../../../components/database/certificates";
import { parseDatabaseUrl } from "../../../components/database/url";
import { makeCertificates } from "../../support/existing/certificates";

describe("a connection string", () => {
  test.each([
    [
      "postgres://admin@db.example/app?sslmode=verify-full&sslrootcert=ca.pem",
      {
        host: "db.example",
        port: 5432,
        database: "app",
        user: "admin",
        password: "",
        mode: "verify-full",
        files: { ca: "ca.pem" },
      },
    ],
    [
      "postgresql://me%40corp:p%2Fw%40@[::1]:6543/my%20db",
      { host: "::1", port: 6543, database: "my db", user: "me@corp", password: "p/w@", mode: undefined, files: {} },
    ],
    ["postgres://u:p@localhost/d?sslmode=disable", { host: "localhost", mode: undefined }],
    ["postgres://u:p@10.0.0.1/d?sslmode=require", { mode: "require", files: {} }],
    // As libpq does.
    ["postgres://u:p@10.0.0.1/d?sslmode=require&sslrootcert=ca.pem", { mode: "verify-ca", files: { ca: "ca.pem" } }],
    [
      "postgres://u@h/d?sslmode=verify-ca&sslrootcert=system&sslcert=c&sslkey=k",
      { files: { ca: "system", certificate: "c", key: "k" } },
    ],
  ])("%s", (text, expected) => {
    const { url, problems } = parseDatabaseUrl(text);
    expect(problems).toEqual([]);
    expect(url).toMatchObject(expected);
  });

  test.each([
    ["hunter2", "is no URL; allowed: postgres://"],
    ["mysql://u:hunter2@h/d", "is no URL of Postgres"],
    ["postgres://u:hunter2@h/d", "has no sslmode, and libpq's own default goes on without TLS"],
    [
      "postgres://u:hunter2@h/d?sslmode=prefer",
      'has sslmode "prefer"; allowed: disable, require, verify-ca, verify-full.',
    ],
    ["postgres://u:hunter2@h/d?sslmode=verify-full", "has sslmode=verify-full without sslrootcert"],
    ["postgres://u:hunter2@h/d?sslmode=require&sslcert=c", "has one of sslcert and sslkey"],
    ["postgres://u:hunter2@h/d?sslmode=disable&sslrootcert=c", "has certificates, and no TLS to use them for"],
    ["postgres://u:hunter2@h/d?sslmode=require&target_session_attrs=any", "has the parameter target_session_attrs"],
    ["postgres://u:hunter2@a,b/d?sslmode=require", "has several hosts"],
    ["postgres://:hunter2@localhost/d", "has no user."],
    ["postgres://u:hunter2@localhost", "has no database."],
    ["postgres:///d?host=/run/postgresql", "has the parameter host"],
    ["postgres://u:hunter2%zz@localhost/d", "has percent signs that encode nothing in its password."],
  ])("%s is refused, and the message shows nothing that may be secret", (text, reason) => {
    const { url, problems } = parseDatabaseUrl(text);
    expect(url).toBeUndefined();
    expect(problems.join(" ")).toContain(reason);
    expect(problems.join(" ")).not.toContain("hunter2");
  });
});

describe("the files that it names", () => {
  const made = makeCertificates("DNS:db.example", "admin");
  const files: Record<string, string> = { "ca.pem": made.ca, "c.pem": made.clientCertificate, "k.pem": made.clientKey };
  const read = (path: string): string => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    return text;
  };

  test("are read", () => {
    const url = { mode: "verify-full" as const, files: { ca: "ca.pem", certificate: "c.pem", key: "k.pem" } };
    expect(readCertificates(url, read)).toEqual({
      tls: { mode: "verify-full", ca: made.ca, certificate: made.clientCertificate, key: made.clientKey },
      problems: [],
    });
    expect(readCertificates({ mode: "verify-full", files: { ca: "system" } }, read).tls?.ca).toBe("system");
    expect(readCertificates({ mode: undefined, files: {} }, read)).toEqual({ problems: [] });
  });

  test.each([
    [
      { ca: "gone.pem" },
      "names gone.pem as sslrootcert, which is not there; a path is relative to the project's folder.",
    ],
    [{ ca: "k.pem" }, "names k.pem as sslrootcert, which is not a certificate in PEM"],
    [
      { ca: "ca.pem", certificate: "c.pem", key: "ca.pem" },
      "names ca.pem as sslkey, which is not a private key in PEM",
    ],
  ])("%j", (names, reason) => {
    expect(readCertificates({ mode: "verify-ca", files: names }, read).problems.join()).toContain(reason);
  });
});
