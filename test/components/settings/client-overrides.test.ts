import { expect, test } from "@jest/globals";
import { overridesWorkerProperties, refusedOverride } from "../../../components/settings/client-overrides";
import { parseConnectorConfig } from "../../../components/settings/connector-config";
import { postgresSource } from "../../../components/connector";

test("what the program itself sets is allowed", () => {
  const config = postgresSource({
    ...{ hostname: "postgres", database: "d", user: "u", password: "${secrets:/kafka/secrets:p}", topicPrefix: "t" },
    ...{ tables: ["public.customers"], slotName: "s", publication: "p" },
  });
  const overrides = Object.keys(config).filter((key) => key.includes(".override."));
  expect(overrides).toHaveLength(7);
  expect(overrides.map(refusedOverride)).toEqual(overrides.map(() => undefined));
});

test.each([
  "producer.override.bootstrap.servers",
  "producer.override.sasl.jaas.config",
  "producer.override.security.protocol",
  "producer.override.ssl.truststore.location",
  "producer.override.metric.reporters",
  "producer.override.socket.connection.setup.timeout.ms",
  "producer.override.ACKS",
  "producer.override.",
  "consumer.override.bootstrap.servers",
  "admin.override.bootstrap.servers",
])("%s is refused by its name, before anything is requested", (key) => {
  const reason = `["${key}"] is refused: a connector may tune its ${key.split(".")[0]}, and not choose the broker or the login`;
  for (const isSecret of [false, true]) {
    const { config, secrets, problems } = parseConnectorConfig(JSON.stringify({ [key]: "value" }), isSecret);
    expect({ config, secrets, problems }).toEqual({
      ...{ config: {}, secrets: {} },
      problems: [expect.stringContaining(reason)],
    });
    expect(problems[0]).toContain(`Allowed after ${key.split(".")[0]}.override: `);
  }
});

test.each([
  "producer.override.compression.type",
  "consumer.override.max.poll.records",
  "producer.overrides",
  "max.batch.size",
])("%s is not refused", (key) => {
  expect(parseConnectorConfig(JSON.stringify({ [key]: "value" }), false)).toMatchObject({
    ...{ config: { [key]: "value" }, problems: [] },
  });
});

test("the worker's properties have the same lists", () => {
  const properties = overridesWorkerProperties();
  expect(Object.keys(properties)).toEqual([
    "connector.client.config.override.policy",
    ...["cdc.overrides.producer", "cdc.overrides.consumer", "cdc.overrides.admin"],
  ]);
  for (const client of ["producer", "consumer", "admin"]) {
    const keys = properties[`cdc.overrides.${client}`]!.split(",");
    expect(keys.map((key) => refusedOverride(`${client}.override.${key}`))).toEqual(keys.map(() => undefined));
  }
});
