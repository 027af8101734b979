import dns from "node:dns";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, expect, jest, test } from "@jest/globals";
import { removeCapture } from "../../../components/capture/remove-capture";
import { isGone, session } from "../../../components/capture/session/capture-session";
import { GONE_VARIABLE } from "../../../program/dynamic/gone";
import type { CaptureOutputs } from "../../../components/capture/capture-types";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";

let server: Server | undefined;
afterEach(async () => {
  jest.restoreAllMocks();
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  server = undefined;
});

const outs = (port: number): CaptureOutputs =>
  ({
    ...{ host: "127.0.0.1", port, database: "shop", adminUser: "owner", adminPassword: "x" },
    ...{ role: "debezium", rolePassword: "x", publication: "debezium", slotName: "cdc_dev", readyTimeoutSeconds: 60 },
  }) as unknown as CaptureOutputs;

/** Listens as a Postgres that refuses everybody. @returns its port */
async function refusing(code: string, message: string): Promise<number> {
  server = createServer((socket) => {
    const body = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
    const head = Buffer.alloc(5);
    head.write("E");
    head.writeUInt32BE(body.length + 4, 1);
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end(Buffer.concat([head, body])));
  });
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

// Each session waits 5 s for a free connection: the role's, and then the administrator's.
test("a server without a free connection is there: the destroy fails, and says what may be left", async () => {
  const port = await refusing("53300", "sorry, too many clients already");
  await expect(removeCapture("debezium", outs(port))).rejects.toThrow(
    /^delete capture debezium in shop at 127\.0\.0\.1:\d+: .*Last seen: sorry, too many clients already\. Role debezium, publication debezium and slot cdc_dev may still be in the database: run this again\.$/,
  );
});

/** A port on which nobody listens. */
async function nobody(): Promise<number> {
  const port = await refusing("57P03", "");
  await new Promise<void>((resolve) => server!.close(() => resolve()));
  server = undefined;
  return port;
}

/** Removes a capture whose server a person says to be gone. @returns what is said */
async function saidGone(of: CaptureOutputs): Promise<unknown[]> {
  const said = jest.spyOn(console, "error").mockImplementation(() => undefined);
  process.env[GONE_VARIABLE] = "true";
  await removeCapture("debezium", of).finally(() => delete process.env[GONE_VARIABLE]);
  return said.mock.calls.flat();
}

test("a server that does not answer may only be out of reach: the destroy fails, with the way out", async () => {
  const said = jest.spyOn(console, "error").mockImplementation(() => undefined);
  await expect(removeCapture("debezium", outs(await nobody()))).rejects.toThrow(
    /^delete capture debezium in shop at .*ECONNREFUSED.* slot cdc_dev may still be in the database\. Run this again where it can be reached\. If it is gone for good: `npm stop -- --gone`/,
  );
  expect(said).not.toHaveBeenCalled();
});

test("a login that was changed since the last `up` is said to be the state's, with what renews it", async () => {
  const port = await refusing("28P01", "password authentication failed");
  await expect(removeCapture("debezium", outs(port))).rejects.toThrow(
    "The login is that of the last `up`. Where it was changed since: set databaseUrl, then `npm start -- --target '**postgres:Capture**'`",
  );
});

test("a server that is said to be gone counts as gone with its capture, which is said", async () => {
  const port = await nobody();
  expect(await saidGone(outs(port))).toEqual([
    `Postgres at 127.0.0.1:${port} does not answer, so capture debezium counts as gone with it. Should that server come back, slot cdc_dev ` +
      "keeps its log there for ever, until somebody runs: SELECT pg_drop_replication_slot('cdc_dev'); Role debezium and publication " +
      "debezium stay there too.",
  ]);
});

test("a machine without a network finds no name: the destroy fails, and goes on where the server is said to be gone", async () => {
  const unresolved = Object.assign(new Error("getaddrinfo EAI_AGAIN db.invalid"), { code: "EAI_AGAIN" });
  jest
    .spyOn(dns, "lookup")
    .mockImplementation(((_host: string, _options: object, done: (error: Error) => void) =>
      done(unresolved)) as typeof dns.lookup);
  const of = { ...outs(1), host: "db.invalid" };
  await expect(removeCapture("debezium", of)).rejects.toThrow(
    /db\.invalid\. Role debezium, .* may still be in the database\. Run this again where it can be reached\. If it is gone for good: `npm stop -- --gone`/,
  );
  expect(await saidGone(of)).toEqual([expect.stringContaining("counts as gone with it")]);
});

test("a server that answers is there, whatever a person says", async () => {
  const port = await refusing("28P01", "password authentication failed");
  await expect(saidGone(outs(port))).rejects.toThrow("may still be in the database");
});

test("a wait that ends within a session is none of a server that is gone", async () => {
  const real = await EmbeddedPostgres.start();
  try {
    const at = { ...real.at(), adminUser: real.at().user, adminPassword: real.at().password };
    const late = Object.assign(new Error("Waited 20 s for replication slot s to go"), { code: "TIMEOUT" });
    const error = await session(at as never, 1000, () => Promise.reject(late)).catch((thrown: unknown) => thrown);
    expect(error).toBe(late);
    expect(isGone(error)).toBe(false);
  } finally {
    await real.stop();
  }
});
