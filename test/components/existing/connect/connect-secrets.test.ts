import { expect, test } from "@jest/globals";
import { databaseProblems, foreignTls } from "../../../../components/existing/connect/connect-database";
import { secretProblems } from "../../../../components/existing/connect/connect-secrets";
import { makeCertificates } from "../../../support/existing/certificates";

const PASSWORD = "database.password";
const REFERENCE = { [PASSWORD]: "${vault:cdc:password}" };
const NOTHING = { connectorConfig: {}, connectorSecrets: {}, existingDatabase: {} };

test("no password is in the connector's config unless a setting allows it", () => {
  const [said] = secretProblems({ ...NOTHING, connectorSecrets: { "producer.override.sasl.jaas.config": "word" } });
  expect(said).toContain("the connector needs database.password, producer.override.sasl.jaas.config. Either name");
  expect(said).toContain("`pulumi config set connectPlainSecrets true`");
  expect(secretProblems({ ...NOTHING, connectPlainSecrets: true })).toEqual([]);
});

test("a reference takes a word's place, and the role has to have that word", () => {
  expect(secretProblems({ ...NOTHING, connectorConfig: REFERENCE, capturePassword: "word" })).toEqual([]);
  expect(secretProblems({ ...NOTHING, connectorConfig: REFERENCE })[0]).toContain("--secret capturePassword");
  expect(secretProblems({ ...NOTHING, connectorConfig: REFERENCE, existingDatabase: undefined })[0]).toContain(
    "the role of the stack's own database has a random one",
  );
});

test("TLS to the database is configured without a file, where that is possible", () => {
  const { ca, otherCa, clientCertificate: certificate, clientKey: key } = makeCertificates("IP:127.0.0.1", "me");
  expect(foreignTls(undefined, {})).toEqual({ config: { "database.sslmode": "disable" }, problems: [] });
  expect(foreignTls({ mode: "require" }, {})).toEqual({ config: { "database.sslmode": "require" }, problems: [] });
  expect(foreignTls({ mode: "verify-full", ca }, {})).toEqual({
    config: {
      "database.sslmode": "verify-full",
      "driver.sslfactory": "org.postgresql.ssl.SingleCertValidatingFactory",
      "driver.sslfactoryarg": ca,
    },
    problems: [],
  });
  expect(foreignTls({ mode: "verify-full", ca: "system" }, {}).config).toEqual({
    "database.sslmode": "verify-full",
    "driver.sslfactory": "org.postgresql.ssl.DefaultJavaSSLFactory",
  });
  expect(foreignTls({ mode: "verify-ca", ca: ca + otherCa }, {}).problems[0]).toMatch(
    "a sslrootcert with 2 certificates",
  );
  const named = { "database.sslrootcert": "/etc/ca.pem" };
  expect(foreignTls({ mode: "verify-ca", ca: ca + otherCa }, named)).toEqual({
    config: { "database.sslmode": "verify-ca" },
    problems: [],
  });
  const own = { mode: "verify-ca", ca, certificate, key } as const;
  expect(foreignTls(own, named).problems[0]).toMatch(
    'name them with cdc:connectorConfig["database.sslcert"], cdc:connectorConfig["database.sslkey"].',
  );
  expect(foreignTls(own, { ...named, "database.sslcert": "/a", "database.sslkey": "/b" }).problems).toEqual([]);
});

test("that cluster cannot reach a database on this machine, unless a setting has its address", () => {
  const here = { host: "localhost", port: 5432, containerHost: "host.docker.internal" };
  expect(databaseProblems(here, "", {})).toHaveLength(1);
  expect(databaseProblems(here, "db.example:5432", {})).toEqual([]);
});
