import { expect, test } from "@jest/globals";
import { workerTopics } from "../../../../components/existing/kafka/group-names";
import { workerProperties } from "../../../../components/connect/worker-properties";
import { secretRef } from "../../../../components/connector";
import { workerSecurity } from "../../../../components/existing/kafka/worker-security";

test("a worker and its connectors' clients log in alike, and no secret is in the properties", () => {
  const { properties, files } = workerSecurity(
    {
      tls: { ca: "CA", cert: "CERT", key: "KEY" },
      sasl: { mechanism: "plain", username: "me", password: 'a"b\\c' },
    },
    "/kafka/secrets",
    secretRef,
  );
  for (const client of ["", "producer.", "consumer.", "admin."]) {
    expect(properties[`${client}security.protocol`]).toBe("SASL_SSL");
    expect(properties[`${client}ssl.truststore.location`]).toBe("/kafka/secrets/kafka-ca.pem");
    expect(properties[`${client}ssl.keystore.location`]).toBe("/kafka/secrets/kafka-client.pem");
    expect(properties[`${client}sasl.jaas.config`]).toBe("${secrets:/kafka/secrets:kafka-jaas}");
  }
  expect(files).toEqual({
    "kafka-ca.pem": "CA",
    "kafka-client.pem": "KEYCERT",
    "kafka-jaas":
      'org.apache.kafka.common.security.plain.PlainLoginModule required username="me" password="a\\"b\\\\c";',
  });
});

test("in a Kafka that others use too a worker's group and topics have its stack's name and as many copies as the others", () => {
  const usual = { maxRecordMb: 16, guard: { hosts: ["connect"], token: "t" } };
  const shared = { name: "cdc-dev", replicationFactor: 3, properties: {} };
  const text = workerProperties({ ...usual, bootstrapServers: "k:9093", shared });
  expect(text).toContain("\ngroup.id=cdc-dev-connect\n");
  expect(text).toContain("\noffset.storage.topic=cdc-dev-connect-offsets\n");
  expect(text).toContain("\nstatus.storage.replication.factor=3\n");
  expect(workerProperties({ ...usual, bootstrapServers: "kafka:9092" })).toContain(
    "\noffset.storage.topic=cdc_connect_offsets\n",
  );
});

test("the topic of offsets is compacted while it is written, where each transaction writes into it", () => {
  const config = (exactlyOnce: boolean) => workerTopics({ prefix: "cdc-dev", brokers: 3, exactlyOnce });
  const usual = { partitions: 1, config: {} };
  const others = { cdc_connect_configs: usual, cdc_source_connect_statuses: usual };
  expect(config(true)).toEqual({
    ...others,
    cdc_connect_offsets: { partitions: 1, config: { "segment.bytes": "4194304" } },
  });
  expect(config(false)).toEqual({ ...others, cdc_connect_offsets: usual });
});
