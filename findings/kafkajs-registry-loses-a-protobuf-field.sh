#!/usr/bin/env bash
# Package:  @kafkajs/confluent-schema-registry 3.9.0 (npm), the usual client of a schema registry for Node.js, and Confluent's own for
#           Python, confluent-kafka 2.16.1 (PyPI). In the registry's place a server on loopback that has one schema.
# Input:    a row as Protobuf, of a file that has its key's message first and the row's second (named by the option messageName), and of one
#           that has the row alone: written by either client and read by the other.
# Guess:    both write Confluent's form, which both name, so that each reads what the other wrote, or refuses it.
# Found:    that form has the message's place in its file before the message. kafkajs' client takes it for a part of the message, unless it
#           is the first: the bytes are a field without a number, the row's first field is that one's content, and the tenant is 0,
#           no one's. It writes no place at all: the other client takes the first two fields for one, and hands out the rest, with tenant 0
#           and no operation, also where the row is the file's only message. Nothing is refused or logged. Where the first fields are
#           longer, most rows are refused instead.
# Way out:  between the two, Avro; or the bytes up to the message taken away, or put there, by hand.
# Needs Node.js 20 or newer, and Python 3.10 or newer with venv. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-fund --no-audit --no-save --prefix "$work" @kafkajs/confluent-schema-registry@3.9.0 > npm.log 2>&1 \
  || { cat npm.log; exit 1; }
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check 'confluent-kafka[protobuf,schemaregistry]==2.16.1' > pip.log 2>&1 \
  || { cat pip.log; exit 1; }
cat > look.cjs <<'JS'
const http = require("node:http");
const { readFileSync } = require("node:fs");
const { SchemaRegistry, SchemaType } = require("@kafkajs/confluent-schema-registry");

const ROW = "message Row { int32 tenant = 1; string op = 2; int64 id = 3; string name = 4; }";
const FILES = { second: `syntax = "proto3"; message Key { int64 id = 1; } ${ROW}`, alone: `syntax = "proto3"; ${ROW}` };

async function registryOf(text) {
  const server = http.createServer((_, answer) => {
    answer.setHeader("content-type", "application/json");
    answer.end(JSON.stringify({ schemaType: "PROTOBUF", schema: text }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `http://127.0.0.1:${server.address().port}`;
  return new SchemaRegistry({ host }, { [SchemaType.PROTOBUF]: { messageName: "Row" } });
}

(async () => {
  for (const [file, text] of Object.entries(FILES)) {
    const registry = await registryOf(text);
    if (process.argv[2] === "write") {
      const row = { tenant: 7, op: "c", id: 300, name: "Smith" };
      console.log(file, (await registry.encode(1, row)).toString("hex"));
    } else {
      const [, hex] = readFileSync("by-confluent", "utf8").match(new RegExp(`^${file} (.*)$`, "m"));
      const { tenant, op, id, name } = await registry.decode(Buffer.from(hex, "hex"));
      console.log(`${file}: kafkajs reads tenant ${tenant}, op '${op}', id ${id}, name '${name}'`);
    }
  }
  process.exit(0);
})();
JS
cat > look.py <<'PY'
import sys

from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

WHERE = SerializationContext("rows", MessageField.VALUE)
FORM = {"use.deprecated.format": False}
FIELD = descriptor_pb2.FieldDescriptorProto
KEY = (("id", FIELD.TYPE_INT64),)
ROW = (("tenant", FIELD.TYPE_INT32), ("op", FIELD.TYPE_STRING), ("id", FIELD.TYPE_INT64), ("name", FIELD.TYPE_STRING))


def row_of(messages):
    file = descriptor_pb2.FileDescriptorProto(name="rows.proto", syntax="proto3")
    for name, fields in messages:
        message = file.message_type.add(name=name)
        for number, (field, kind) in enumerate(fields, 1):
            message.field.add(name=field, number=number, type=kind, label=FIELD.LABEL_OPTIONAL)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("Row"))


for file, messages in {"second": (("Key", KEY), ("Row", ROW)), "alone": (("Row", ROW),)}.items():
    Row = row_of(messages)
    if sys.argv[1] == "write":
        client = SchemaRegistryClient.new_client({"url": "mock://"})
        print(file, ProtobufSerializer(Row, client, FORM)(Row(tenant=7, op="c", id=300, name="Smith"), WHERE).hex())
    else:
        data = dict(line.split() for line in open("by-kafkajs"))[file]
        row = ProtobufDeserializer(Row, FORM)(bytes.fromhex(data), WHERE)
        print(f"{file}: confluent-kafka reads tenant {row.tenant}, op '{row.op}', id {row.id}, name '{row.name}'")
PY
python/bin/python look.py write > by-confluent
node look.cjs write > by-kafkajs
cat by-confluent by-kafkajs
{ node look.cjs read; python/bin/python look.py read; } | tee seen
diff seen - <<'SEEN' || { echo "changed: one client's Protobuf is read otherwise by the other than it was"; exit 1; }
second: kafkajs reads tenant 0, op 'c', id 300, name 'Smith'
alone: kafkajs reads tenant 7, op 'c', id 300, name 'Smith'
second: confluent-kafka reads tenant 0, op '', id 300, name 'Smith'
alone: confluent-kafka reads tenant 0, op '', id 300, name 'Smith'
SEEN
echo "as described"
