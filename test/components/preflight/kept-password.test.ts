import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { isRefused, keptText } from "../../../components/preflight/kept-password";
import { EmbeddedPostgres } from "../../support/database/embedded-postgres";

/** A server of an image that reads `cdc:password` only at a first start. */
let server: EmbeddedPostgres;
beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  await server.query("CREATE ROLE owner LOGIN PASSWORD 'before'");
}, 60_000);
afterAll(() => server.stop());

const login = (password: string) => ({ port: server.port, database: "postgres", user: "owner", password });

test("a password that differs from the database's is told apart from an equal one, also once it was set", async () => {
  expect(await isRefused(login("before"))).toBe(false);
  expect(await isRefused(login("after"))).toBe(true);
  await server.query("ALTER ROLE owner PASSWORD 'after'");
  expect(await isRefused(login("after"))).toBe(false);
  expect(await isRefused(login("before"))).toBe(true);
});

test("what else is wrong with the database is not taken for the password", async () => {
  expect(await isRefused({ ...login("after"), database: "nowhere" })).toBe(false);
  expect(await isRefused({ ...login("after"), port: 1 })).toBe(false);
});

test("the sentence names the database's user and the command that gives it the password", () => {
  expect(keptText("cdc-dev-postgres", "postgres:17", { user: "owner", database: "shop" })).toBe(
    'cdc:password is not the password of owner in the database, and cdc:postgresImage "postgres:17" takes it at a first start ' +
      "only. Give it to the database with `docker exec -it cdc-dev-postgres psql -U owner -d shop -c '\\password'`, then " +
      "`npm start`; or set the old one back. Nothing was changed.",
  );
});
