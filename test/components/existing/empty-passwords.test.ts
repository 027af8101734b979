import { expect, test } from "@jest/globals";
import { parseConnectSecurity } from "../../../components/existing/connect/connect-setting";
import { parseKafkaSecurity } from "../../../components/existing/kafka/kafka-setting";

test("an empty password is refused by name, as no file can be made of it", () => {
  const kafka = { protocol: "SASL_SSL", mechanism: "PLAIN", username: "me", password: "" };
  expect(parseKafkaSecurity(JSON.stringify(kafka), true).problems).toEqual([
    '["password"] is empty: SASL_SSL takes a name and a password.',
  ]);
  const connect = { username: "me", password: "" };
  expect(parseConnectSecurity(JSON.stringify(connect), true, "https://connect:8083").problems).toEqual([
    '["password"] is empty; leave both out where Kafka Connect asks for none.',
  ]);
});
