import { expect, test } from "@jest/globals";
import type { RowsJson } from "../../../../consumer/api";
import { type Records, TableRows } from "../../../../consumer/feed/http/table-rows";
import { envelope, text } from "../../records";

const TOPIC = "cdctest.public.customers";

/** A fake topic with these envelopes and keys, which records how it was read. */
class FakeTopic {
  readonly reads: string[] = [];
  open = 0;
  mostOpen = 0;

  constructor(
    private readonly records: readonly { key: unknown; value: unknown }[],
    private readonly first = 0,
  ) {}

  reader(): Records {
    this.mostOpen = Math.max(this.mostOpen, ++this.open);
    return {
      bounds: async () => [{ partition: 0, from: BigInt(this.first), to: BigInt(this.records.length) }],
      read: async (slices, take) => {
        for (const { partition, from, to } of slices) {
          this.reads.push(`${from}-${to}`);
          for (let at = Number(from); at < Number(to); at++) {
            const { key, value } = this.records[at]!;
            take(partition, {
              key: key === null ? null : Buffer.from(text(key)),
              value: value === null ? null : Buffer.from(text(value)),
              offset: String(at),
              timestamp: String(1_000 + at),
            });
          }
        }
      },
      close: async () => void this.open--,
    };
  }
}

async function rows(topic: FakeTopic, limit = 200, table = "public.customers"): Promise<RowsJson> {
  const all = new TableRows({ topics: [TOPIC, "cdctest.message"], open: () => topic.reader() });
  return JSON.parse(await all.answer({ table, limit })) as RowsJson;
}

function created(id: number) {
  return { key: { id }, value: envelope("c", null, { id, name: `n${id}` }) };
}

test("each row once, as its last record has it, with when and where that is", async () => {
  const topic = new FakeTopic([
    created(1),
    created(2),
    { key: { id: 1 }, value: envelope("u", { id: 1, name: "n1" }, { id: 1, name: "changed" }) },
    { key: { id: 2 }, value: envelope("d", { id: 2, name: "n2" }, null) },
    { key: { id: 2 }, value: null },
  ]);
  expect(await rows(topic)).toEqual({
    rows: [
      {
        ...{ key: { id: 1 }, row: { id: 1, name: "changed" }, op: "update" },
        ...{ committedAt: "2026-01-01T00:00:00.123456Z", partition: 0, offset: "2" },
      },
    ],
    ...{ topic: TOPIC, whole: true, records: 5 },
  });
});

test("a long topic is read from its end, no further back than it takes", async () => {
  const topic = new FakeTopic(Array.from({ length: 10_000 }, (_, id) => created(id)));
  const found = await rows(topic, 3_000);
  expect(found.rows.map(({ offset }) => offset)).toEqual(Array.from({ length: 3_000 }, (_, i) => String(9_999 - i)));
  expect(found).toMatchObject({ whole: false, records: 6_000 });
  expect(topic.reads).toEqual(["8000-10000", "4000-8000"]);
});

test("a topic whose first records are gone does not tell all rows", async () => {
  const records = Array.from({ length: 5 }, (_, id) => created(id));
  expect(await rows(new FakeTopic(records, 2))).toMatchObject({ whole: false, records: 3 });
  expect(await rows(new FakeTopic([...records, { key: null, value: envelope("t", null, null) }], 2))).toEqual(
    expect.objectContaining({ rows: [], whole: true }),
  );
  expect(await rows(new FakeTopic([]))).toMatchObject({ rows: [], whole: true, records: 0 });
});

test("the table is given by its name or its topic; another, and one without a key, is refused by name", async () => {
  const topic = new FakeTopic([created(1)]);
  expect(await rows(topic, 1, TOPIC)).toMatchObject({ topic: TOPIC });
  await expect(rows(topic, 1, "public.orders")).rejects.toThrow(
    'table is "public.orders"; allowed: a table of one of the topics cdctest.public.customers, cdctest.message',
  );
  const keyless = new FakeTopic([{ key: null, value: envelope("c", null, { n: 1 }) }]);
  await expect(rows(keyless)).rejects.toThrow(
    "public.customers has no primary key, so no record says which row it is of; its changes are at /changes",
  );
});

test("answers are made one after the other, and too many waiting requests are refused", async () => {
  const topic = new FakeTopic(Array.from({ length: 5_000 }, (_, id) => created(id)));
  const all = new TableRows({ topics: [TOPIC], open: () => topic.reader() });
  const answers = Array.from({ length: 8 }, () => all.answer({ table: TOPIC, limit: 1 }));
  expect(() => all.answer({ table: TOPIC, limit: 1 })).toThrow("8 others wait for /rows already; ask again later");
  expect(new Set(await Promise.all(answers)).size).toBe(1);
  expect(topic.mostOpen).toBe(1);
});

type Given = { key: object | null; value: object };

async function rowsOf(partitions: Given[][]): Promise<RowsJson> {
  const records: Records = {
    bounds: async () => partitions.map((all, partition) => ({ partition, from: 0n, to: BigInt(all.length) })),
    read: async (slices, take) => {
      for (const { partition, from, to } of slices)
        partitions[partition]!.slice(Number(from), Number(to)).forEach(({ key, value }, offset) =>
          take(partition, {
            ...{ key: key && Buffer.from(text(key)), value: Buffer.from(text(value)) },
            ...{ offset: String(offset), timestamp: String(1000 - offset) },
          }),
        );
    },
    close: async () => undefined,
  };
  const all = new TableRows({ topics: [TOPIC], open: () => records });
  return JSON.parse(await all.answer({ table: "public.customers", limit: 10 })) as RowsJson;
}

test("a key in two partitions, as after the topic has got more of them, has the row of the later event, or none", async () => {
  const at = (commit_lsn: number) => ({ commit_lsn, event_serial_no: 1 });
  const told = (op: string, id: number, name: string | null, lsn: number) => {
    const row = name === null ? null : { id, name };
    return { key: { id }, value: envelope(op, op === "d" ? { id, name: "before" } : null, row, at(lsn)) };
  };
  const older = [told("c", 1, "old", 100), told("c", 2, "deleted later", 150), told("c", 3, "stays", 160)];
  const newer = [told("u", 1, "new", 300), told("d", 2, null, 400)];
  for (const partitions of [
    [older, newer],
    [newer, older],
  ]) {
    const { rows } = await rowsOf(partitions);
    expect(rows.map(({ row }) => row["name"]).sort()).toEqual(["new", "stays"]);
  }
});

test("a TRUNCATE is a record of one partition, and empties the table in all of them", async () => {
  const at = (commit_lsn: number) => ({ commit_lsn, event_serial_no: 1 });
  const row = (id: number, lsn: number) => ({ key: { id }, value: envelope("c", null, { id }, at(lsn)) });
  const partitions = [
    [row(1, 100), { key: null, value: envelope("t", null, null, at(200)) }, row(2, 300)],
    [row(3, 150), row(4, 250)],
  ];
  const found = await rowsOf(partitions);
  expect(found.rows.map(({ key }) => key["id"]).sort()).toEqual([2, 4]);
  expect(found.whole).toBe(true);
});
