import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { verify } from "../../../commands/verify/verify-stack";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";

let server: EmbeddedPostgres;
/** Which of the sessions end while the topics are read: a condition on pg_stat_activity. */
let ended: string;
jest.mock("../../../commands/verify/stack-access", () => ({
  accessTo: () =>
    Promise.resolve({
      ...{ prefix: "cdc-t", server: "127.0.0.1:1", database: server.at() },
      config: { "publication.name": "p", "slot.name": "s", "topic.prefix": "t" },
    }),
}));
jest.mock("../../../commands/verify/moment", () => ({
  ...jest.requireActual<object>("../../../commands/verify/moment"),
  awaitSlot: () => Promise.resolve(),
}));
jest.mock("../../../components/preflight/broker-look", () => ({ withBroker: () => Promise.resolve([]) }));
jest.mock("../../../commands/verify/rows/read-topics", () => ({
  readRanges: () =>
    server.query(
      `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND ${ended}`,
    ),
}));

beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE TABLE t (a int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t");
});
afterAll(() => server.stop());

const run = () => verify({ tables: [], timeoutMs: 1000, stack: "t", json: false });

test("a session with the database that ends while topics are read, and that is not asked again, is in nobody's way", async () => {
  ended = "state = 'idle'";
  expect(await run()).toMatchObject([{ table: "public.t", ok: true }]);
});

test("the end of the session in which tables are compared is told in a sentence", async () => {
  ended = "true";
  await expect(run()).rejects.toThrow(
    /^verify: the database at 127\.0\.0\.1:\d+ ended the session in which the tables are compared: terminating connection due to administrator command\. Nothing was changed; once the database answers/,
  );
});
