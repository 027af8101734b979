import { afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { ConnectSecurity } from "../../../components/existing/connect-access";
import { lookAtConnect, withoutExtensions } from "../../../components/existing/connect-look";
import { makeCertificates, type TestCertificates } from "../../support/certificates";
import { FakeConnect } from "../../support/fake-connect";

const GUARD = `Basic ${Buffer.from("operator:guarded:word").toString("base64")}`;
let certificates: TestCertificates;
let connect: FakeConnect;

beforeAll(() => {
  certificates = makeCertificates("IP:127.0.0.1", "operator");
});
beforeEach(async () => {
  connect = await FakeConnect.start({ cert: certificates.serverCertificate, key: certificates.serverKey });
  connect.guard = GUARD;
});
afterEach(() => connect.vanish());

function said(security: ConnectSecurity = {}, url = connect.url): Promise<unknown> {
  const right = { username: "operator", password: "guarded:word", ca: certificates.ca };
  return lookAtConnect({ url, security: { ...right, ...security } }, "fake").catch((error: Error) =>
    error.message.replace(`Kafka Connect at ${url} (cdc:connectUrl) `, ""),
  );
}

test("a cluster behind TLS and a password, with Debezium alone", async () => {
  expect(await said()).toEqual({ version: "3.9.2", debezium: "3.7.0.Final", extensions: false });
  connect.classes = ["cdc.StreamingJsonConverter"];
  expect(await said()).toMatchObject({ extensions: true });
});

test("what is wrong with it is a sentence, without the password", async () => {
  expect(await said({ password: "hunter2" })).toBe(
    'answers 401: it does not let user "operator" in; look at cdc:connectSecurity["username"] and ["password"].',
  );
  expect(await said({ username: undefined })).toBe(
    'answers 401: it wants a name and a password; set cdc:connectSecurity["username"] and ["password"].',
  );
  expect(await said({ ca: certificates.otherCa })).toMatch(
    /certificate that is not trusted here \(.*\); name who signed it with cdc:connectSecurity\["caFile"\]/,
  );
  expect(await said({}, connect.url.replace("https", "http"))).toMatch(/speaks another protocol \(.*\)/);
  expect(await said({}, "https://127.0.0.1:1")).toMatch(/cannot be reached from here \(ECONNREFUSED\)/);
  connect.clusterId = "other";
  expect(await said()).toMatch("writes to the Kafka with the cluster id other, but cdc:bootstrapServers names fake");
});

test("what is missing without the image's classes is told by name", () => {
  const sentences = withoutExtensions({ version: "3.9.2", debezium: "3.7.0.Final", extensions: false }).join("\n");
  for (const word of ["types that Debezium alters", "no eventId", "read again", "__debezium_unavailable_value", "5 ms"])
    expect(sentences).toContain(word);
});
