#!/usr/bin/env bash
# Package:  @nestjs/microservices 12.1.1 (npm), NestJS' own consumer of Kafka, with @nestjs/core and @nestjs/common 12.5.1; here without a broker:
#           its server is given each record as kafkajs hands it over.
# Input:    a topic as Debezium writes one of unwrapped rows: a row of Ann, one of Bob, a tombstone for Ann's key, and for
#           Bob's the four bytes null, which some writers make of a tombstone; to a controller's @EventPattern with
#           @Payload() and @Ctx(), which deletes where the payload is null and stores the row otherwise.
# Guess:    a tombstone's payload is null, as its value is in kafkajs.
# Found:    the payload is the whole record, { key, value: null, headers, offset, … }, so that it looks like a row: nothing is deleted, and a row without an
#           id is stored, or one by the key that lost its columns. The four bytes come as the text "null". Nothing is logged.
# Way out:  context.getMessage().value; or a deserializer of one's own, as below.
# Needs Node.js 20 or newer. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-fund --no-audit --no-save --prefix "$work" @nestjs/microservices@12.1.1 @nestjs/core@12.5.1 @nestjs/common@12.5.1 \
  reflect-metadata@0.2.2 rxjs@7.8.2 > npm.log 2>&1 || { cat npm.log; exit 1; }
cat > look.mjs <<'JS'
import "reflect-metadata";
import { Controller, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { Ctx, EventPattern, Payload, ServerKafka } from "@nestjs/microservices";

/** The server as it is, less the connection to a broker. */
class WithoutBroker extends ServerKafka {
  async listen(started) {
    started();
  }
  async close() {}
}

const stored = new Map();
class Rows {
  take(row, context) {
    const { key } = context.getMessage();
    console.log(`  key ${key}: payload ${JSON.stringify(row)}, the record's value ${JSON.stringify(context.getMessage().value)}`);
    if (row === null) stored.delete(key);
    else stored.set(key, row.name);
  }
}
const take = Object.getOwnPropertyDescriptor(Rows.prototype, "take");
EventPattern("people")(Rows.prototype, "take", take);
Payload()(Rows.prototype, "take", 0);
Ctx()(Rows.prototype, "take", 1);
Controller()(Rows);
class App {}
Module({ controllers: [Rows] })(App);

const bytes = (text) => (text === null ? null : Buffer.from(text));
async function look(what, options) {
  console.log(`${what}:`);
  stored.clear();
  const strategy = new WithoutBroker(options);
  const app = await NestFactory.createMicroservice(App, { strategy, logger: ["error", "warn"] });
  await app.listen();
  const records = [["1", '{"id":1,"name":"Ann"}'], ["2", '{"id":2,"name":"Bob"}'], ["1", null], ["2", "null"]];
  for (const [n, [key, value]] of records.entries())
    await strategy.handleMessage({
      topic: "people",
      partition: 0,
      message: { key: bytes(key), value: bytes(value), headers: {}, offset: String(n), timestamp: "1700000000000", attributes: 0 },
    });
  console.log(`  stored: ${[...stored].map(([key, name]) => `${key} ${name}`).join(", ") || "nothing"}`);
  await app.close();
}

await look("as it is", {});
await look("with a deserializer that gives the value", {
  deserializer: { deserialize: ({ value }, { channel }) => ({ pattern: channel, data: value === "null" ? null : value }) },
});
JS
timeout 280 node look.mjs | tee seen
diff seen - <<'SEEN' || { echo "changed: a tombstone comes to a handler otherwise than it did"; exit 1; }
as it is:
  key 1: payload {"id":1,"name":"Ann"}, the record's value {"id":1,"name":"Ann"}
  key 2: payload {"id":2,"name":"Bob"}, the record's value {"id":2,"name":"Bob"}
  key 1: payload {"key":"1","value":null,"headers":{},"offset":"2","timestamp":"1700000000000","attributes":0,"topic":"people","partition":0}, the record's value null
  key 2: payload "null", the record's value "null"
  stored: 1 undefined, 2 undefined
with a deserializer that gives the value:
  key 1: payload {"id":1,"name":"Ann"}, the record's value {"id":1,"name":"Ann"}
  key 2: payload {"id":2,"name":"Bob"}, the record's value {"id":2,"name":"Bob"}
  key 1: payload null, the record's value null
  key 2: payload null, the record's value "null"
  stored: nothing
SEEN
echo "as described"
