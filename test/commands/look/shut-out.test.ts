import { expect, test } from "@jest/globals";
import { RenamedSuperuser, whyShutOut } from "../../../commands/look/shut-out";
import { container } from "../../support/fakes/stack-look";

const REFUSED = Object.assign(new Error('password authentication failed for user "cdctest"'), { code: "28P01" });
const postgres = container("postgres");

/** The error for these superusers, when only the connector's role is known. */
async function why(superusers: string, error: Error = REFUSED, role: string | undefined = "debezium") {
  const ask = ([, name, , , user]: string[]) =>
    `${name} ${user}` === "cdc-dev-postgres debezium"
      ? Promise.resolve(superusers)
      : Promise.reject(new Error("no such role"));
  return (await whyShutOut(error, postgres, role, 5000, ask)) as Error;
}

test("a superuser with another name is named", async () => {
  const error = await why("boss\nsecond");
  expect(error).toEqual(new RenamedSuperuser("cdctest", "boss"));
  expect(error.message).toBe('there is no superuser cdctest any more, but "boss"');
});

test("another password, another error, and a database that cannot be asked keep their words", async () => {
  expect(await why("boss\ncdctest")).toBe(REFUSED);
  expect(await why("")).toBe(REFUSED);
  expect(await why("boss", REFUSED, "nobody")).toBe(REFUSED);
  const other = Object.assign(new Error("the database system is starting up"), { code: "57P03" });
  expect(await why("boss", other)).toBe(other);
});

test("a name with quotes in it is kept whole", async () => {
  expect(await why("a \"b\" 'c'")).toMatchObject({ newName: "a \"b\" 'c'" });
});
