import { expect, test } from "@jest/globals";
import { debeziumProblems } from "../../../components/settings/debezium-config";

const OURS = { hasPlugins: false, coordination: "zookeeper" } as const;

test.each<[string, unknown, RegExp]>([
  ["snapshot.mode", "never", /^\["snapshot\.mode"\] is "never"; allowed: always, .*when_needed\.$/],
  ["plugin.name", "wal2json", /^\["plugin\.name"\] is "wal2json"; allowed: decoderbufs, pgoutput\.$/],
  ["tombstones.on.delete", "yes", /^\["tombstones\.on\.delete"\] is "yes"; allowed: true, false\.$/],
  ["max.batch.size", "4k", /^\["max\.batch\.size"\] is "4k"; allowed: a whole number\.$/],
  [
    "snapshot.mod",
    "initial",
    /^\["snapshot\.mod"\]: Kafka Connect knows no such setting .* Did you mean snapshot\.mode/,
  ],
  ["connector.class", "PostgressConnector", /^\["connector\.class"\] is "PostgressConnector"; allowed: io\.debezium\./],
])("%s %s is refused before there is a Kafka Connect that could", (key, value, sentence) => {
  expect(debeziumProblems({ [key]: value as string }, OURS)).toEqual([expect.stringMatching(sentence)]);
});

test("what Kafka Connect would take is taken", () => {
  const config = {
    ...{ "snapshot.mode": " WHEN_NEEDED ", "max.batch.size": 4096, "flush.lsn.source": false },
    ...{ "slot.drop.on.stop": "TRUE", "plugin.name": "${file:/x:y}", "column.mask.with.4.chars": "public.t.c" },
    ...{ transforms: "route", "transforms.route.type": "a.B", "producer.override.acks": "all" },
    ...{ converters: "isbn", "isbn.type": "a.Isbn", "connector.class": "PostgresConnector" },
  };
  expect(debeziumProblems(config, OURS)).toEqual([]);
});

test("of a class that a plugin brings nothing is known here", () => {
  expect(debeziumProblems({ "connector.class": "my.Own", "my.key": "x" }, { ...OURS, hasPlugins: true })).toEqual([]);
});

test("only Kafka Connect 4 has a setting for the version of a plugin", () => {
  const config = { "connector.plugin.version": "3.7.0.Final" };
  expect(debeziumProblems(config, { ...OURS, coordination: "kraft" })).toEqual([]);
  expect(debeziumProblems(config, OURS)).toEqual([expect.stringContaining("knows no such setting")]);
});
