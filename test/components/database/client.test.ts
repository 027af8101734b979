import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Client } from "pg";
import type { DatabaseAddress, DatabaseTls } from "../../../components/database/address";
import { clientOptions, printedPassword } from "../../../components/database/client";
import { tlsRemedy } from "../../../components/database/remedies";
import { makeCertificates } from "../../support/existing/certificates";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";

/** The server's certificate has its name, and not the address at which the test reaches it. */
const made = makeCertificates("DNS:localhost", "super");
let server: EmbeddedPostgres;

beforeAll(async () => {
  server = await EmbeddedPostgres.start(
    { ssl: "on", ssl_cert_file: "server.crt", ssl_key_file: "server.key", ssl_ca_file: "ca.crt" },
    { "server.crt": made.serverCertificate, "server.key": made.serverKey, "ca.crt": made.ca },
    ["hostssl all certified all cert", "hostssl all all all scram-sha-256"],
  );
  await server.query("CREATE ROLE certified LOGIN", tls({ mode: "require" }));
});
afterAll(() => server.stop());

function tls(how: DatabaseTls | undefined, host = "127.0.0.1", user = "super"): DatabaseAddress {
  return { ...server.at(user), host, tls: how };
}

/** How the session is encrypted, or the error with its remedy. */
async function session(at: DatabaseAddress): Promise<string> {
  const client = new Client(clientOptions(at));
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    return String(rows[0].version);
  } catch (error) {
    return `${(error as Error).message} ${tlsRemedy(error as Error)}`;
  } finally {
    await client.end().catch(() => undefined);
  }
}

describe("sslmode, as libpq means it", () => {
  const { ca, otherCa } = made;
  test.each<[string, DatabaseTls | undefined, string, string]>([
    ["disable", undefined, "127.0.0.1", "The server wants TLS: set sslmode=verify-full with sslrootcert, or require."],
    ["require", { mode: "require" }, "127.0.0.1", "TLSv1.3"],
    ["verify-ca, another name", { mode: "verify-ca", ca }, "127.0.0.1", "TLSv1.3"],
    [
      "verify-ca, another authority",
      { mode: "verify-ca", ca: otherCa },
      "127.0.0.1",
      "sslrootcert is not the certificate of the authority",
    ],
    ["verify-full", { mode: "verify-full", ca }, "localhost", "TLSv1.3"],
    ["verify-full, another name", { mode: "verify-full", ca }, "127.0.0.1", "or set sslmode=verify-ca"],
    [
      "verify-full, authorities of the system",
      { mode: "verify-full", ca: "system" },
      "localhost",
      "sslrootcert is not the certificate",
    ],
  ])("%s", async (_mode, how, host, expected) => {
    expect(await session(tls(how, host))).toContain(expected);
  });

  test("variables of the environment change nothing", async () => {
    process.env["PGSSLMODE"] = "require";
    try {
      expect(await session(tls(undefined))).toContain("no encryption");
    } finally {
      delete process.env["PGSSLMODE"];
    }
  });

  test("a client's certificate", async () => {
    const wanted = { mode: "verify-ca" as const, ca };
    const own = { certificate: made.clientCertificate, key: made.clientKey };
    expect(await session(tls(wanted, "127.0.0.1", "certified"))).toContain("name it with sslcert and sslkey");
    expect(await session(tls({ ...wanted, ...own }))).toBe("TLSv1.3");
  });
});

describe("a command that prints the password", () => {
  test("the password is requested for each connection", async () => {
    expect(await session({ ...tls({ mode: "require" }), password: "", passwordCommand: "echo super" })).toBe("TLSv1.3");
  });

  test.each([
    ["echo word; echo Token expired >&2; exit 3", "ended with 3: Token expired"],
    ["true", "printed nothing"],
  ])("%s", async (command, reason) => {
    const said = await printedPassword(command).catch((error: Error) => error.message);
    expect(said).toContain(reason);
    expect(said).not.toMatch(/\bword\b/);
  });
});
