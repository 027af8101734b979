import { expect, test } from "@jest/globals";
import { connect, created, inputs, live, NAME, provider, said, useFakeConnect } from "./setting";

/** A Kafka Connect that asks for a name and a password, and that has no files with secrets. */
useFakeConnect();

const SECURITY = { username: "operator", password: "guarded:word" };
const SECRET = { "database.password": "hunter2" };

function guarded() {
  connect.guard = `Basic ${Buffer.from("operator:guarded:word").toString("base64")}`;
  return { connectSecurity: SECURITY, secretConfig: SECRET };
}

test("every verb logs in, and values that others must not see are only in Connect's config", async () => {
  const outs = await created(guarded());
  expect(live()?.config["database.password"]).toBe("hunter2");
  expect(outs.config).not.toHaveProperty(["database.password"]);
  const { props } = await provider.read(NAME, outs);
  expect(JSON.stringify(props?.config)).not.toContain("hunter2");
  const { outs: updated } = await provider.update(NAME, outs, inputs({ ...guarded(), state: "PAUSED" }));
  expect(updated?.state).toBe("PAUSED");
  await provider.delete(NAME, updated!);
  expect(live()).toBeUndefined();
  expect(said.join()).not.toMatch(/hunter2|guarded:word/);
});

test("another password is written, and a difference is reported only by its key", async () => {
  const outs = await created(guarded());
  const news = inputs({ ...guarded(), secretConfig: { "database.password": "new" } });
  const diff = await provider.diff(NAME, outs, news);
  expect(diff.changes).toBe(true);
  await provider.update(NAME, outs, news);
  expect(live()?.config["database.password"]).toBe("new");
});

test("a wrong password ends the wait at once", async () => {
  guarded();
  const begun = Date.now();
  const wrong = inputs({ connectSecurity: { ...SECURITY, password: "wrong" }, readyTimeoutSeconds: 60 });
  await expect(provider.create(wrong)).rejects.toThrow(
    "answered 401: User cannot access the resource. Kafka Connect does not let this user in",
  );
  expect(Date.now() - begun).toBeLessThan(5000);
});

test("what Connect repeats of a secret is not shown", async () => {
  const change = guarded();
  connect.invalid = { "database.password": { errors: ['The word "hunter2" is too short'] } };
  const { failures } = await provider.check({} as never, inputs(change));
  expect(failures).toEqual([{ property: 'config["database.password"]', reason: 'The word "[secret]" is too short.' }]);
});
