import { expect, test } from "@jest/globals";
import { GONE_VARIABLE } from "../../../../program/dynamic/gone";
import { connect, created, live, NAME, provider, said, useFakeConnect } from "../setting";

const { delete: remove } = provider;
useFakeConnect();

test("somebody else's Connect that does not answer may still have it: the destroy fails with the ways out, unless it is said to be gone", async () => {
  const outs = await created({ deleteTimeoutSeconds: 60 });
  await connect.vanish();
  const words = `delete connector ${NAME}: GET ${outs.connectUrl} got no answer (ECONNREFUSED). Connector ${NAME} may run on there. Run this again`;
  await expect(remove(NAME, outs)).rejects.toThrow(words);
  await expect(remove(NAME, outs)).rejects.toThrow("`npm stop -- --gone`");
  expect(said).toEqual([]);
  process.env[GONE_VARIABLE] = "true";
  try {
    await remove(NAME, outs);
  } finally {
    delete process.env[GONE_VARIABLE];
  }
  expect(said).toEqual([expect.stringContaining(`curl -X DELETE ${outs.connectUrl}/connectors/${NAME}`)]);
}, 30_000);

test("a database that does not answer may still have the slot: the destroy fails, though the connector is gone", async () => {
  const database = { host: "127.0.0.1", port: 1, database: "shop", user: "debezium", password: "x" };
  const outs = { ...(await created()), keepSlot: false, database };
  await expect(remove(NAME, outs)).rejects.toThrow(
    /^delete connector customer-cdc: slot debezium was not dropped at 127\.0\.0\.1:1: connect ECONNREFUSED 127\.0\.0\.1:1\. It may keep .*--gone/,
  );
  expect(live()).toBeUndefined();
});

test("a login that was changed since the last `up` is said to be the state's, with what renews it", async () => {
  const outs = await created();
  connect.guard = "another";
  await expect(remove(NAME, outs)).rejects.toThrow(
    /connectSecurity\. The login is that of the last `up`\..* `npm start -- --target '\*\*debezium:Connector\*\*'`/,
  );
});
