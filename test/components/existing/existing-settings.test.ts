import { expect, test } from "@jest/globals";
import { parseExistingParts } from "../../../components/existing/existing-settings";

function problems(values: Record<string, unknown>, { secret = true, consumes = true } = {}): string[] {
  const texts = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const { problems } = parseExistingParts(Object.fromEntries(texts) as Record<string, string>, () => secret, consumes);
  return problems.map(([key, sentence]) => key + sentence);
}

const SASL = { protocol: "SASL_SSL", mechanism: "SCRAM-SHA-512", username: "cdc", password: "word" };
const AT = { databaseAddress: "db.example:5432" };
const KAFKA = { bootstrapServers: "kafka-1.example:9093,kafka-2.example:9093" };

test("nothing said is the stack's own Kafka and Connect", () => {
  const { settings } = parseExistingParts({ bootstrapServers: "", kafkaSecurity: "{}" }, () => false, true);
  expect(settings).toEqual({
    connectPlainSecrets: false,
    databaseAddress: "",
    replicationFactor: 0,
    minInsyncReplicas: 0,
    partitions: 1,
  });
});

test("a Kafka of somebody else's with a name, a password and a certificate's file", () => {
  const values = { ...KAFKA, kafkaSecurity: JSON.stringify({ ...SASL, caFile: "ca.pem" }) };
  expect(parseExistingParts(values, () => true, true).settings.existingKafka).toEqual({
    servers: "kafka-1.example:9093,kafka-2.example:9093",
    internalServers: "kafka-1.example:9093,kafka-2.example:9093",
    security: { ...SASL, mechanism: "scram-sha-512", caFile: "ca.pem" },
  });
});

test.each([
  [{ kafkaSecurity: SASL }, ["kafkaSecurity is about the Kafka of cdc:bootstrapServers, which names none."]],
  [
    { internalBootstrapServers: "kafka:9092" },
    ["internalBootstrapServers is about the Kafka of cdc:bootstrapServers, which names none."],
  ],
  [
    { ...AT, connectUrl: "http://connect.example:8083" },
    ["connectUrl names a cluster that writes to a Kafka of its own: name that with cdc:bootstrapServers."],
  ],
  [
    { connectSecurity: { username: "a", password: "b" } },
    ["connectSecurity is about the cluster of cdc:connectUrl, which names none."],
  ],
  [{ connectPlainSecrets: "true" }, ["connectPlainSecrets is about the cluster of cdc:connectUrl, which names none."]],
  [
    { ...KAFKA, replicationFactor: "2", minInsyncReplicas: "3" },
    ["minInsyncReplicas is 3, more than cdc:replicationFactor 2: no record could be written."],
  ],
  [
    { ...KAFKA, connectUrl: "http://connect.example" },
    [
      "connectUrl names a cluster that has to reach the database: say where, as that cluster sees it, with cdc:databaseAddress.",
    ],
  ],
  [{ partitions: "0" }, ['partitions is "0"; allowed: a whole number from 1 to 10000.']],
  [{ bootstrapServers: "kafka" }, ['bootstrapServers is "kafka"; allowed: host:port, several separated by commas.']],
  [
    { bootstrapServers: "localhost:9092" },
    [
      "bootstrapServers is localhost:9092, where a container finds itself and not this machine; name the address that containers " +
        "reach with cdc:internalBootstrapServers.",
    ],
  ],
  [{ bootstrapServers: "localhost:9092", internalBootstrapServers: "192.0.2.1:9092" }, []],
  [
    { ...KAFKA, ...AT, connectUrl: "https://me:word@connect.example" },
    ["connectUrl has a name or password in it; set them with cdc:connectSecurity, where no error shows them."],
  ],
  [
    { ...KAFKA, ...AT, connectUrl: "http://connect.example", connectSecurity: { caFile: "ca.pem" } },
    ['connectSecurity["caFile"] is of no use with an address that begins with http:; https: takes it.'],
  ],
  [
    { ...KAFKA, kafkaSecurity: { protocol: "SASL_SSL" } },
    [
      'kafkaSecurity["mechanism"] is missing: SASL_SSL takes a name and a password.',
      'kafkaSecurity["username"] is missing: SASL_SSL takes a name and a password.',
      'kafkaSecurity["password"] is missing: SASL_SSL takes a name and a password.',
    ],
  ],
  [
    { ...KAFKA, kafkaSecurity: { protocol: "SSL", username: "cdc" } },
    ['kafkaSecurity["username"] is of no use with protocol SSL; allowed with SASL_SSL and SASL_PLAINTEXT.'],
  ],
  [
    { ...KAFKA, kafkaSecurity: { ...SASL, mechanism: "GSSAPI" } },
    ['kafkaSecurity["mechanism"] is "GSSAPI"; allowed: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512.'],
  ],
  [
    { ...KAFKA, kafkaSecurity: { protocol: "SSL", certFile: "me.pem" } },
    ["kafkaSecurity: certFile and keyFile go together: a client's certificate, and the key to it."],
  ],
  [
    { ...KAFKA, kafkaSecurity: { ...SASL, pasword: "x" } },
    [
      'kafkaSecurity["pasword"] is no part of it; allowed: protocol, mechanism, username, password, caFile, certFile, keyFile. ' +
        "Did you mean password?",
    ],
  ],
])("%j", (values, sentences) => {
  expect(problems(values)).toEqual(sentences);
});

test("a loopback address does where no container reads from it", () => {
  const values = { ...AT, bootstrapServers: "127.0.0.1:9092", connectUrl: "http://127.0.0.1:8083" };
  expect(problems(values, { consumes: false })).toEqual([]);
});

test("a password that is set as plain text is refused, and not shown", () => {
  const said = problems({ ...KAFKA, kafkaSecurity: { ...SASL, password: "hunter2" } }, { secret: false });
  expect(said).toEqual([
    'kafkaSecurity["password"] is set as plain text; set it with `pulumi config set --secret --path \'kafkaSecurity["password"]\'`.',
  ]);
});
