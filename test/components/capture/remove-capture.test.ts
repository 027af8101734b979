import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, expect, jest, test } from "@jest/globals";
import { removeCapture } from "../../../components/capture/remove-capture";
import { isGone, session } from "../../../components/capture/session/capture-session";
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

test("a server that nobody runs any more counts as gone with its capture, which is said", async () => {
  const port = await refusing("57P03", "");
  await new Promise<void>((resolve) => server!.close(() => resolve()));
  server = undefined;
  const said = jest.spyOn(console, "error").mockImplementation(() => undefined);
  await removeCapture("debezium", outs(port));
  expect(said.mock.calls.flat()).toEqual([
    `Postgres at 127.0.0.1:${port} does not answer, so capture debezium counts as gone with it. Should that server come back, slot cdc_dev ` +
      "keeps its log there for ever, until somebody runs: SELECT pg_drop_replication_slot('cdc_dev'); Role debezium and publication " +
      "debezium stay there too.",
  ]);
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
