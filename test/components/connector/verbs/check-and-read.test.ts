import { describe, expect, test } from "@jest/globals";
import type { ConnectorInputs } from "../../../../components/connector/connector-types";
import { POSTGRES } from "../../../support/fakes/fake-connect";
import { connect, created, inputs, live, NAME, provider, said, useFakeConnect } from "../setting";

const { check, read } = provider;
useFakeConnect();

describe("check", () => {
  const declared = (change: Partial<ConnectorInputs> = {}) => check({} as ConnectorInputs, inputs(change));

  test("a misspelt key fails on its own property", async () => {
    const { failures } = await declared({ config: { ...inputs().config, "table.include.lst": "public.customers" } });
    expect(failures).toEqual([
      {
        property: 'config["table.include.lst"]',
        reason: "Kafka Connect knows no such setting and would ignore it. Did you mean table.include.list?",
      },
    ]);
    expect(connect.writes).toEqual([]);
  });

  test("a value that a client of Connect refuses fails on its key as well", async () => {
    const { failures } = await declared({ config: { ...inputs().config, "producer.override.linger.ms": "soon" } });
    expect(failures).toEqual([
      {
        property: 'config["producer.override.linger.ms"]',
        reason: "Invalid value soon for configuration linger.ms: Not a number of type LONG.",
      },
    ]);
  });

  test("a class that is not installed names the nearest one", async () => {
    const { failures } = await declared({ config: { "connector.class": POSTGRES.replace("Postgres", "Postgress") } });
    expect(failures?.[0]?.property).toBe('config["connector.class"]');
    expect(failures?.[0]?.reason).toContain(`Did you mean ${POSTGRES}?`);
  });

  test.each([
    ["gone", async () => connect.vanish()],
    ["starting", async () => void (connect.timeouts = 99)],
    ["without routes", async () => void (connect.bare = 99)],
  ])("is quiet while Connect is %s", async (_what, arrange) => {
    await arrange();
    const { failures, inputs: checked } = await declared({ config: { ...inputs().config, "table.include.lst": "x" } });
    expect(failures).toEqual([]);
    expect(checked).not.toHaveProperty("drift");
  });

  test("gives up on a slow Connect within its limit", async () => {
    connect.slowMs = 10_000;
    const start = Date.now();
    expect((await declared()).failures).toEqual([]);
    expect(Date.now() - start).toBeLessThan(6000);
  });

  test("a login that fails is not a failure of the preview: the same update may make the role", async () => {
    connect.invalid = {
      "database.hostname": {
        errors: ["Error while validating connector config: FATAL: password authentication failed"],
      },
    };
    expect((await declared()).failures).toEqual([]);
    // The create validates the config again, and does not accept what the preview let pass.
    await expect(provider.create(inputs())).rejects.toThrow(/refuses the config.*password authentication failed/s);
    expect(connect.writes).toEqual([]);
  });

  test("what the check has just found good is not asked again by the create", async () => {
    const config = { ...inputs().config, "poll.interval.ms": 7 };
    await declared({ config });
    await provider.create(inputs({ config }));
    expect(connect.requests.filter((line) => line.endsWith("/validate"))).toHaveLength(1);
  });

  test("unchanged inputs are not validated again", async () => {
    await created();
    await check(inputs(), inputs());
    expect(connect.requests.filter((line) => line.endsWith("/validate"))).toEqual([]);
  });

  test.each([
    ["paused", () => void (live()!.state = "PAUSED"), "state: PAUSED in Kafka Connect, RUNNING declared"],
    ["deleted", () => connect.connectors.clear(), "deleted in Kafka Connect"],
    ["failed", () => void (live()!.failure = "boom"), "task 0 FAILED: boom"],
    ["failed, in a sentence", () => void (live()!.failure = "Boom."), "task 0 FAILED: Boom."],
    [
      "changed",
      () => void (live()!.config["max.batch.size"] = "1"),
      'max.batch.size: "1" in Kafka Connect, "8192" declared',
    ],
  ])("a plain preview notices what was %s by hand", async (_what, byHand, line) => {
    await created();
    byHand();
    const { inputs: checked } = await check(inputs(), inputs());
    expect(checked?.drift?.found).toEqual([line]);
    expect(said).toEqual([`Connector ${NAME} is not as it was left; an up repairs it: ${line.replace(/\.$/, "")}.`]);
  });

  test("Connect's address with a slash more is the same Connect", async () => {
    await created();
    live()!.state = "STOPPED";
    const { inputs: checked } = await check(inputs(), inputs({ connectUrl: `${connect.url}/` }));
    expect(checked?.drift?.found).toEqual(["state: STOPPED in Kafka Connect, RUNNING declared"]);
  });

  test("server keys and stars are no drift", async () => {
    const config = { ...inputs().config, "database.password": "${secrets:/kafka/secrets:database-password}" };
    await created({ config });
    connect.masked = ["database.password"];
    connect.serverKeys = { "__internal.key": "x", "another.default": "y" };
    const { inputs: checked } = await check(inputs({ config }), inputs({ config }));
    expect(checked).not.toHaveProperty("drift");
  });
});

describe("read", () => {
  test("gone is gone", async () => {
    const outs = await created();
    connect.connectors.clear();
    expect(await read(NAME, outs)).toEqual({});
  });

  test("right after a create nothing differs", async () => {
    const outs = await created();
    expect(await read(NAME, outs)).toEqual({ id: NAME, props: outs });
  });

  test("a drift shows in properties and inputs", async () => {
    const outs = await created();
    live()!.config["max.batch.size"] = "1";
    live()!.state = "PAUSED";
    const { props, inputs: drifted } = await read(NAME, outs);
    expect(props).toMatchObject({ state: "PAUSED", config: { "max.batch.size": "1" } });
    expect(drifted).toMatchObject({ state: "PAUSED", config: { "max.batch.size": "1" } });
  });

  test("a connector is found by <connectUrl>|<name>", async () => {
    connect.add(NAME, { "connector.class": POSTGRES, "topic.prefix": "a", "table.include.list": "public.t" });
    const { id, props } = await read(`${connect.url}|${NAME}`);
    expect(id).toBe(NAME);
    expect(props).toMatchObject({
      connectUrl: connect.url,
      connectorName: NAME,
      state: "RUNNING",
      topics: ["a.public.t"],
    });
  });

  test("a Connect that is gone leaves the state as it was", async () => {
    const outs = await created();
    await connect.vanish();
    expect(await read(NAME, outs)).toEqual({ id: NAME, props: outs });
    expect(said).toEqual([
      expect.stringContaining("does not answer: connector customer-cdc is shown as it was last applied"),
    ]);
  });
});

test("an added table is refused at once where the connector reads no log", async () => {
  const config = (list: string) => ({
    ...inputs().config,
    "snapshot.mode": "initial_only",
    "table.include.list": list,
  });
  const olds = inputs({ config: config("public\\.a") });
  const { failures } = await check(olds, inputs({ config: config("public\\.a,public\\.b") }));
  expect(failures).toContainEqual({
    property: 'config["table.include.list"]',
    reason: expect.stringContaining("not the rows of public.b."),
  });
  expect((await check(olds, olds)).failures).toEqual([]);
});

describe("a connector of that name that something else made", () => {
  const byHand = { "connector.class": POSTGRES, "snapshot.mode": "initial_only", "max.batch.size": "1" };

  test("is announced by the preview with all that is about to change, and left alone until then", async () => {
    connect.add(NAME, { ...byHand, "poll.interval.ms": "7" });
    live()!.state = "PAUSED";
    const config = { ...inputs().config, "max.queue.size": 9000 };
    const { failures } = await check({} as ConnectorInputs, inputs({ config }));
    expect(failures).toEqual([]);
    expect(said).toEqual([
      [
        `Connector ${NAME} exists in Kafka Connect at ${connect.url}: an up takes it over. It goes on at its offsets.`,
        '  max.batch.size: "1" in Kafka Connect, "8192" declared',
        "  state: PAUSED in Kafka Connect, RUNNING declared",
        "  set in addition: max.queue.size",
        "  no longer set, since it is not declared: poll.interval.ms",
      ].join("\n"),
    ]);
    expect(connect.writes).toEqual([]);
  });

  test("with another prefix, all rows are read again, and the preview says so; no secret's value is shown", async () => {
    connect.add(NAME, { ...byHand, "max.batch.size": "8192", "topic.prefix": "before", "database.password": "word" });
    const config = { ...inputs().config, "topic.prefix": "now", "database.password": "${secrets:/a:b}" };
    await check({} as ConnectorInputs, inputs({ config }));
    expect(said[0]).toContain("Under another topic.prefix its offsets are dropped, and all rows are read again.");
    expect(said[0]).toContain('topic.prefix: "before" in Kafka Connect, "now" declared');
    expect(said[0]).not.toContain('word"');
  });

  test("is announced when an existing resource is to have its name, and no more once it is the resource's", async () => {
    connect.add("other", byHand);
    await check(inputs(), inputs({ connectorName: "other" }));
    expect(said[0]).toMatch(/^Connector other exists in Kafka Connect/);
    said.length = 0;
    await created();
    await check(inputs(), inputs());
    expect(said).toEqual([]);
  });

  test("with the very config that is declared has nothing to change", async () => {
    connect.add(NAME, { ...byHand, "max.batch.size": "8192" });
    await check({} as ConnectorInputs, inputs());
    expect(said[0]).toMatch(/an up takes it over. It goes on at its offsets.\n {2}Nothing of its config changes.$/);
  });
});

test("a replacement says what will be lost", async () => {
  await check(inputs({ keepSlot: false }), inputs({ connectorName: "other" }));
  expect(said).toEqual([
    "Connector customer-cdc is replaced: its offsets and slot are dropped, and the new one reads all rows again.",
  ]);
});
