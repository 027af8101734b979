import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { examineAdded } from "../../../components/database/examine-database";
import { createServer, connect, type AddressInfo } from "node:net";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";

/** Tables that somebody adds to the settings of a stack with a database. */
let server: EmbeddedPostgres;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE ROLE owner SUPERUSER LOGIN PASSWORD 'owner'");
  await server.query("CREATE TABLE public.orders (id int PRIMARY KEY)");
}, 60_000);
afterAll(() => server.stop());

/** The message for a run with these tables; undefined when it goes on. */
function answer(tables: string[], postgresPort = server.port): Promise<string | undefined> {
  const settings = {
    ...{ prefix: "cdc-dev", tables, postgresPort, database: "postgres", user: "owner", password: "owner" },
    ...{
      captureName: "debezium",
      connectorName: "customer-cdc",
      replicaIdentity: "FULL",
      connectorConfig: {},
      cleanupPolicy: "delete",
    },
  } as unknown as Parameters<typeof examineAdded>[0];
  return examineAdded(settings, { credentials: [] }).then(
    () => undefined,
    ({ message }: Error) => message,
  );
}

test("a table that is not there is refused, however little its name is like another's", async () => {
  expect(await answer(["public.orders", "public.zz"])).toBe("Table public.zz does not exist.");
  expect(await answer(["public.ordres"])).toBe("Table public.ordres does not exist. Did you mean public.orders?");
  expect(await answer(["elsewhere.*"])).toBe("Schema elsewhere has no table.");
});

test("so is one that cannot be captured; one that can is not", async () => {
  await server.query("CREATE VIEW public.all_orders AS SELECT * FROM public.orders");
  expect(await answer(["public.all_orders"])).toMatch(/^public\.all_orders is a view/);
  expect(await answer(["public.orders"])).toBeUndefined();
});

test("a server that does not answer is reported elsewhere", async () => {
  expect(await answer(["public.zz"], 1)).toBeUndefined();
});

test("a server that takes two seconds to let somebody in is asked all the same", async () => {
  const slow = createServer((socket) => {
    socket.on("error", () => undefined);
    setTimeout(() => {
      const behind = connect(server.port, "127.0.0.1");
      behind.on("error", () => socket.destroy());
      socket.pipe(behind).pipe(socket);
    }, 2000);
  });
  await new Promise<void>((resolve) => slow.listen(0, "127.0.0.1", resolve));
  const { port } = slow.address() as AddressInfo;
  expect(await answer(["public.zz"], port)).toBe("Table public.zz does not exist.");
  expect(await answer(["public.all_orders"], port)).toMatch(/^public\.all_orders is a view/);
  slow.close();
});
