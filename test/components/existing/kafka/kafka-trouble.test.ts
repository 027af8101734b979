import { expect, test } from "@jest/globals";
import type { KafkaAccess } from "../../../../components/existing/kafka/kafka-access";
import { kafkaTrouble } from "../../../../components/existing/kafka/kafka-trouble";

const SASL: KafkaAccess = {
  servers: "k:9093",
  tls: {},
  sasl: { mechanism: "scram-sha-512", username: "cdc", password: "hunter2" },
};

/** Errors of brokers that no test can run, in kafkajs's form. */
test.each([
  [
    { type: "TOPIC_AUTHORIZATION_FAILED", message: "Not authorized to access topics: [Topic authorization failed]" },
    /^Kafka at k:9093 \(cdc:bootstrapServers\) lets user "cdc" with SCRAM-SHA-512 in, but without the right to do this \(TOPIC_AUTHORIZATION_FAILED\): it needs CREATE,/,
  ],
  [
    { message: "Hostname/IP does not match certificate's altnames: Host: k. is not in the cert's altnames: DNS:other" },
    /has a certificate for another name .*; name the brokers as the certificate does\.$/,
  ],
  [{ message: "Connection timeout" }, /cannot be reached from here \(Connection timeout\); look at the address/],
  [
    { message: "C0D7:error:0A00010B:SSL routines:ssl3_get_record:wrong version number" },
    /does not speak TLS on this port; set cdc:kafkaSecurity\["protocol"\] to SASL_PLAINTEXT/,
  ],
])("%j", (error, sentence) => {
  const said = kafkaTrouble(SASL, Object.assign(new Error(error.message), error));
  expect(said).toMatch(sentence);
  expect(said).not.toContain("hunter2");
});
