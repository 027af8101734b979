const SPEED = "components/connector/config/source-speed.ts";

/**
 * The internals of docs/internals.md without which a stack works: for each, the edits of a checkout that leave it out.
 *
 * @type {Record<string, { file: string, text: string, without: string }[]>}
 */
export const INTERNALS = {
  "lean-sdk": [{ file: "program/lean-sdk.cjs", text: "const how = file &&", without: "const how = undefined &&" }],
  "batch-scheduling": [
    {
      file: "components/container/batch-scheduling.ts",
      text: '["chrt --batch --pid 0 $$", ...(before',
      without: "[...(before",
    },
  ],
  "kafkajs-decoder": withoutPart("timers,stops,commits"),
  "kafkajs-timers": withoutPart("decoder,stops,commits"),
  "kafkajs-stops": withoutPart("decoder,timers,commits"),
  "kafkajs-commits": withoutPart("decoder,timers,stops"),
  kafkajs: withoutPart("as-published"),
  "gathering-interceptor": [
    {
      file: SPEED,
      text: '...(extensions && { "producer.override.interceptor.classes"',
      without: '...(false && { "producer.override.interceptor.classes"',
    },
  ],
  "prompt-queue": [
    ...withoutKey("queue.provider.type"),
    ...withoutKey("driver.socketFactory"),
    { file: SPEED, text: "(extensions ? 50 : 5)", without: "5" },
  ],
  "commit-off-task": [
    {
      file: "images/kafka/Dockerfile",
      text:
        " && java -cp 'target/libs/*:target/connect/debezium-connector-postgres/*' CommitOffTask.java \\\n" +
        "      target/connect/debezium-connector-postgres/debezium-connector-common-*.jar \\\n",
      without: "",
    },
  ],
  "no-counters": [
    {
      file: "images/kafka/Dockerfile",
      text:
        " \\\n && java -cp 'target/libs/*:target/connect/debezium-connector-postgres/*' NoCounters.java \\\n" +
        "      target/connect/debezium-connector-postgres/debezium-connector-common-*.jar\n",
      without: "\n",
    },
  ],
  "plain-lambdas": [
    {
      file: "images/kafka/Dockerfile",
      text:
        " && java -cp 'target/libs/*' PlainLambdas.java target/libs/kafka_2.13-*.jar " +
        "target/libs/scala-library-*.jar \\\n",
      without: " \\\n",
    },
  ],
  "broker-compiler": withoutLines("images/kafka/kafka.args", "-XX:TieredStopAtLevel=1"),
  "connect-compiler": [
    ...withoutLines("images/kafka/connect.args", "-XX:Tier4InvocationThreshold=50000"),
    ...withoutLines("images/kafka/connect.args", "-XX:Tier4MinInvocationThreshold=6000"),
    ...withoutLines("images/kafka/connect.args", "-XX:Tier4CompileThreshold=150000"),
    ...withoutLines("images/kafka/connect.args", "-XX:Tier4BackEdgeThreshold=400000"),
  ],
  "parallel-collector": [
    { file: "images/kafka/connect.args", text: "\n-XX:+UseParallelGC\n", without: "\n-XX:+UseSerialGC\n" },
    { file: "components/connect.ts", text: "youngMb: { first: 24,", without: "youngMb: { first: 300," },
  ],
  "lock-timer": withoutLines("images/kafka/common.args", "-XX:AsyncDeflationInterval=5000"),
  "cache-address": withoutLines("images/kafka/common.args", "-XX:ArchiveRelocationMode=0"),
};

/** @param parts value of KAFKAJS that becomes the default */
function withoutPart(parts) {
  const call = 'read.text("KAFKAJS", KAFKAJS, KAFKAJS_ALLOWED, ';
  return [{ file: "consumer/config.ts", text: `${call}"changed")`, without: `${call}"${parts}")` }];
}

function withoutKey(key) {
  return [{ file: SPEED, text: `\n  "${key}": `, without: `\n  // "${key}": ` }];
}

function withoutLines(file, line) {
  return [{ file, text: `\n${line}\n`, without: "\n" }];
}

/** Pure: the content with the edit. @throws when the text is not there exactly once */
export function leftOut(content, { file, text, without }) {
  const [before, after, ...more] = content.split(text);
  if (after === undefined || more.length > 0) {
    throw new Error(`${file} has ${more.length + (after === undefined ? 0 : 1)} times, not once: ${text.trim()}`);
  }
  return before + without + after;
}
