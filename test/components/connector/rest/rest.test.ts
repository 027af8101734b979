import { expect, test } from "@jest/globals";
import { once, passing, Patience } from "../../../../components/connector/rest/rest";
import type { ConnectorInputs } from "../../../../components/connector/connector-types";
import { FakeConnect } from "../../../support/fakes/fake-connect";
import { connect, created, inputs, live, NAME, provider, useFakeConnect } from "../setting";

useFakeConnect();

test("a question just before the deadline is still answered: cut off at once it would hide what the others saw", async () => {
  connect.slowMs = 200;
  const target = { url: connect.url, operation: "look", until: Date.now() - 1 };
  expect(await once(target, "GET", "/health")).toMatchObject({ status: 200 });
});

test("a connector behind a guard is made, changed and deleted with its token", async () => {
  connect.token = "a-word";
  const outs = await created({ connectToken: "a-word" });
  const news = inputs({ connectToken: "a-word", config: { ...inputs().config, "max.batch.size": 4096 } });
  expect((await provider.check(inputs({ connectToken: "a-word" }), news)).failures).toEqual([]);
  const updated = await provider.update(NAME, outs, news);
  expect(live()?.config["max.batch.size"]).toBe("4096");
  await provider.delete(NAME, updated.outs!);
  expect(live()).toBeUndefined();
});

test("a token the guard does not know: a preview says nothing, and an apply says what is wrong, without the token", async () => {
  connect.token = "another-word";
  const news = inputs({ connectToken: "a-word" });
  expect((await provider.check({} as ConnectorInputs, news)).failures).toEqual([]);
  const error = await provider.create(news).catch((e: unknown) => e as Error);
  expect((error as Error).message).toMatch(/create connector customer-cdc: POST .* answered 403: needs the header/);
  expect(JSON.stringify([error, (error as Error).message])).not.toContain("-word");
});

test("another token alone is an update that restarts nothing", async () => {
  const outs = await created({ connectToken: "a-word" });
  connect.token = "another-word";
  const news = inputs({ connectToken: "another-word" });
  expect(await provider.diff(NAME, outs, news)).toMatchObject({ changes: true, replaces: [] });
  const updated = await provider.update(NAME, outs, news);
  expect(updated.outs).toMatchObject({ connectToken: "another-word" });
  expect(connect.writes).toEqual([]);
});

test("an address that sends a POST elsewhere is no connector that was made", async () => {
  const elsewhere = `${connect.url}/elsewhere`;
  connect.mutate = (reply, asked) =>
    asked === "POST /connectors" ? { status: 301, body: "moved", location: elsewhere } : reply;
  await expect(provider.create(inputs())).rejects.toThrow(
    `create connector customer-cdc: POST ${connect.url}/connectors answered 301: moved. It sends its clients to ${elsewhere}: let connectUrl name that.`,
  );
  connect.mutate = () => ({ status: 308, body: "", location: elsewhere });
  const began = Date.now();
  await expect(provider.create(inputs({ readyTimeoutSeconds: 60 }))).rejects.toThrow(
    `answered 308: no message. It sends its clients to ${elsewhere}`,
  );
  expect(Date.now() - began).toBeLessThan(30_000);
});

test("a gateway that sends each request on with 308, as from http to https, is followed, POST and DELETE included", async () => {
  const gateway = await FakeConnect.start();
  gateway.mutate = (_reply, asked) => ({ status: 308, body: "", location: connect.url + asked.split(" ")[1]! });
  try {
    const outs = await created({ connectUrl: gateway.url });
    expect(live()).toBeDefined();
    await provider.delete(NAME, outs);
    expect(live()).toBeUndefined();
  } finally {
    await gateway.vanish();
  }
});

test("the login goes along to the same host, and to no other", async () => {
  connect.token = "a-word";
  const at = (url: string) => ({ url, operation: "look", until: Date.now() + 5000, token: "a-word" });
  let isSent = true;
  connect.mutate = (reply, asked) => {
    const sends = isSent && asked.startsWith("DELETE");
    if (sends) isSent = false;
    return sends ? { status: 307, body: "", location: "/connectors/nobody" } : reply;
  };
  expect(await once(at(connect.url), "DELETE", "/connectors/other")).toMatchObject({ status: 404 });
  expect(connect.requests).toEqual(["DELETE /connectors/other", "DELETE /connectors/nobody"]);
  const gateway = await FakeConnect.start();
  gateway.mutate = () => ({ status: 307, body: "", location: `${connect.url}/connectors/nobody` });
  expect(await once(at(gateway.url), "DELETE", "/connectors/nobody").finally(() => gateway.vanish())).toMatchObject({
    status: 403,
  });
});

test("a plugin that was made for another version of Kafka is reported as such, though the worker only names a class", async () => {
  const message = "java.lang.NoClassDefFoundError: org/apache/kafka/common/utils/AppInfoParser";
  connect.mutate = (reply, asked) =>
    asked.endsWith("/validate") ? { status: 500, body: { error_code: 500, message } } : reply;
  await expect(provider.create(inputs())).rejects.toThrow(
    /create connector customer-cdc: PUT .* answered 500: java\.lang\.NoClassDefFoundError: .*AppInfoParser\. The connector's plugin needs classes that this Kafka Connect does not have: it was made for another version of Kafka .* Take the plugin's version for that Kafka\.$/,
  );
});

test("a 500 for a field that Connect does not know is final; one unknown message is waited for 30 s, and a passing one longer", () => {
  const answer = (message: string) => ({ status: 500, body: { error_code: 500, message } });
  expect(
    passing(answer('Unrecognized field "initial_state" (class CreateConnectorRequest), not marked as ignorable')),
  ).toBe(false);
  const patience = new Patience();
  const odd = answer("Something odd");
  expect([0, 29_999, 30_000].map((now) => patience.isOver(odd, now))).toEqual([false, false, true]);
  expect(patience.isOver(answer("Another"), 31_000)).toBe(false);
  expect([32_000, 61_999, 62_000].map((now) => patience.isOver(odd, now))).toEqual([false, false, true]);
  const starting = answer("Request timed out. The worker is currently starting up.");
  expect([70_000, 200_000].map((now) => patience.isOver(starting, now))).toEqual([false, false]);
});
