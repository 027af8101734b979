import { describe, expect, test } from "@jest/globals";
import { explain, rootCause } from "../../../../components/connector/rest/root-cause";

/** Traces of Debezium 3.7 on Connect 3.9.2, with fewer frames. */
const frames = "\n\tat io.debezium.Some.frame(Some.java:1)\n\t... 5 more\n";

describe("a trace comes down to one line and a remedy", () => {
  test.each([
    ["ERROR: logical decoding requires wal_level >= logical", /wal_level=logical/],
    ['FATAL: password authentication failed for user "debezium"', /database\.password/],
    ['FATAL: role "debezium" does not exist', /database\.user/],
    ['ERROR: replication slot "debezium" is active for PID 99', /slot\.name of its own/],
    ["ERROR: all replication slots are in use", /max_replication_slots/],
    ["Publication autocreation is disabled, please create one and restart the connector.", /PostgresCapture/],
    ['ERROR: publication "p" does not exist', /PostgresCapture/],
    ["ERROR: permission denied for table customers", /SELECT/],
    ["FATAL: permission denied to start WAL sender", /REPLICATION/],
    ['FATAL: database "x" does not exist', /database\.dbname/],
    ['ERROR: relation "public.x" does not exist', /table\.include\.list/],
    ["Topic cdctest.public.x not present in metadata after 60000 ms.", /Create the topic first/],
    ["The message is 20 bytes when serialized which is larger than 16, the value of max.request.size", /maxRecordMb/],
    ["Connection to postgres:5432 refused.", /answers at database\.hostname/],
    [
      "The log has the columns of public.orders's REPLICA IDENTITY alone of the row before an UPDATE or DELETE, and the record's key has another",
      /out of `tables` for one/,
    ],
    ["Compacted topic cannot accept message without key in topic partition t-0.", /cleanupPolicy delete/],
    ['ERROR: replication slot "x" does not exist', /snapshot\.mode=when_needed/],
  ])("%s", (message, remedy) => {
    const trace = `org.apache.kafka.connect.errors.ConnectException: An exception occurred${frames}Caused by: org.postgresql.util.PSQLException: ${message}${frames}`;
    expect(rootCause(trace)).toEqual({ cause: `PSQLException: ${message}`, remedy: expect.stringMatching(remedy) });
  });
});

test.each([
  [33_554_432, "Raise cdc:maxRecordMb (`pulumi config set maxRecordMb 32`, then `pulumi up`); elsewhere"],
  // 32 MB of text, with the rest of the record.
  [33_555_097, "Raise cdc:maxRecordMb (`pulumi config set maxRecordMb 33`, then `pulumi up`); elsewhere"],
  [
    70_000_000,
    "cdc:maxRecordMb takes 64 at most, and this one needs 67. Leave the large column out: column.exclude.list.",
  ],
])(
  "the error for a record of %d bytes names the setting into which it fits, or says that there is none",
  (bytes, remedy) => {
    const said = `RecordTooLargeException: The message is ${bytes} bytes when serialized which is larger than 16777216, which is the value of the max.request.size configuration.`;
    expect(rootCause(`org.apache.kafka.common.errors.${said}${frames}`).remedy).toContain(remedy);
  },
);

test("the innermost cause counts, over several lines", () => {
  const trace = `a.B: one${frames}Caused by: c.DException: two${frames}Caused by: e.f.GError: three\n  Detail: four${frames}`;
  expect(rootCause(trace).cause).toBe("GError: three Detail: four");
});

test("printed internals are cut, so that the text after them is shown", () => {
  const innards = `Offset [a=Schema{x}, b=info[${"lsn=1, ".repeat(60)}], c=[d=[]]]`;
  expect(
    explain(`io.debezium.DebeziumException: Starting at ${innards}, but this is no longer available on the server.`),
  ).toBe(
    "DebeziumException: Starting at Offset …, but this is no longer available on the server. " +
      "The slot no longer reaches back to the connector's offset, so changes are lost. " +
      "Set snapshot.mode=when_needed: it reads all rows again.",
  );
});

test.each([
  ["", "no reason given."],
  ["boom", "boom."],
  ["a.b.CException: x".padEnd(2000, "y"), /^CException: xy{385,}…\.$/],
])("no trace is too odd", (trace, text) => {
  expect(explain(trace)).toEqual(typeof text === "string" ? text : expect.stringMatching(text));
});
