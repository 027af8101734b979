import { afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { ConnectSecurity } from "../../../../components/existing/connect/connect-access";
import { lookAtConnect, tooOld, whatDiffers } from "../../../../components/existing/connect/connect-look";
import { ownKeys } from "../../../../components/existing/connect/own-keys";
import { makeCertificates, type TestCertificates } from "../../../support/existing/certificates";
import { FakeConnect } from "../../../support/fakes/fake-connect";

const GUARD = `Basic ${Buffer.from("operator:guarded:word").toString("base64")}`;
let certificates: TestCertificates;
let connect: FakeConnect;

beforeAll(() => {
  certificates = makeCertificates("IP:127.0.0.1", "operator");
});
beforeEach(async () => {
  connect = await FakeConnect.start({ cert: certificates.serverCertificate, key: certificates.serverKey });
  connect.guard = GUARD;
  connect.further = ownKeys();
});
afterEach(() => connect.vanish());

function said(security: ConnectSecurity = {}, url = connect.url, exactlyOnce = false): Promise<unknown> {
  const right = { username: "operator", password: "guarded:word", ca: certificates.ca };
  return lookAtConnect({ url, security: { ...right, ...security } }, "fake", exactlyOnce).catch((error: Error) =>
    error.message.replace(`Kafka Connect at ${url} (cdc:connectUrl) `, ""),
  );
}

test("a cluster behind TLS and a password, with Debezium alone", async () => {
  expect(await said()).toEqual({ version: "3.9.2", debezium: "3.7.0.Final", extensions: false, overrides: true });
  connect.knowsAll = true;
  connect.invalid = { "producer.override.acks": { errors: ["not allowed"] } };
  expect(await said()).toMatchObject({ overrides: false });
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

test("a Connect whose workers write in no transactions is refused only when transactions are wanted", async () => {
  expect(await said({}, connect.url, true)).toMatchObject({ overrides: true });
  connect.knowsAll = true;
  connect.mutate = (reply, request) => {
    // As Kafka Connect does: it reports the error for a config with such references.
    const { configs } = reply.body as { configs?: { value: { name: string; value: unknown; errors: string[] } }[] };
    for (const { value } of request.endsWith("/validate") ? configs! : [])
      if (value.name === "exactly.once.support" && value.value === "required")
        value.errors = ["This worker does not have exactly-once source support enabled."];
    return reply;
  };
  expect(await said()).toMatchObject({ overrides: true });
  expect(await said({}, connect.url, true)).toBe(
    "cannot write in transactions, which cdc:exactlyOnce asks for (it says: This worker does not have exactly-once source support " +
      "enabled.). Whoever runs it can set exactly.once.source.support=enabled on each of its workers, in two rolling restarts with " +
      "`preparing` in the first; otherwise set cdc:exactlyOnce to false.",
  );
});

test("what differs without the image's classes, and under a policy, is named", () => {
  const facts = { version: "3.9.2", debezium: "3.7.0.Final", extensions: false, overrides: false };
  const sentences = whatDiffers(facts).join("\n");
  for (const word of ["other forms", "no eventId", "read again", "defaults", "5 ms", "cdc:maxRecordMb"])
    expect(sentences).toContain(word);
  expect(whatDiffers({ ...facts, extensions: true, overrides: true })).toEqual([]);
});

test("keys of the stack's own that an older Debezium does not know are left out where they only switch something off, else named", async () => {
  connect.version = "3.1.2.Final";
  connect.further = ownKeys().filter((key) => key !== "extended.headers.enabled");
  expect(await said()).toMatchObject({ debezium: "3.1.2.Final", unlisted: ["extended.headers.enabled"] });
  connect.further = connect.further.filter((key) => key !== "snapshot.locking.mode");
  expect(await said()).toBe(
    "has Debezium 3.1.2.Final, whose connector for Postgres does not know snapshot.locking.mode, which this stack sets: it needs a newer one " +
      "(tried: 3.7.0.Final).",
  );
});

test("an address that only sends its clients elsewhere is refused with the one to name", async () => {
  connect.mutate = () => ({ status: 301, body: "moved", location: "https://me:word@other:8083/" });
  expect(await said()).toBe("answers 301 and sends its clients to https://other:8083: name that address.");
});

test("a Connect that takes no state with a new connector is refused, whatever its version is called", () => {
  for (const version of ["3.6.2", "3.5.2", "2.8.0", "7.6.0-ccs", "7.5.1-ccs", "6.2.0-ce"])
    expect(tooOld(version)).toBe(
      `is version ${version}, which cannot make a connector that is stopped at first. Kafka Connect 3.7 or newer can.`,
    );
  for (const version of ["3.7.0", "3.9.2", "4.4.0", "7.7.0-ccs", "8.0.0-ccs", "unknown"])
    expect(tooOld(version)).toBeUndefined();
});
