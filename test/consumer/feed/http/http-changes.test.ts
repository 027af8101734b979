import { describe, expect, test } from "@jest/globals";
import type { ChangesJson } from "../../../../consumer/api";
import type { SseReader } from "../../sse";
import { EPOCH, HttpRig } from "./http-rig";

const rig = new HttpRig();
const getChanges = async (query: string) =>
  (await (await fetch(`${rig.origin}/changes?${query}`)).json()) as ChangesJson;
const idsOf = (data: unknown) => (data as { id: number }[]).map(({ id }) => id);

/** Ids of the changes up to this one. They come in one message or, on a busy machine, in several. */
async function idsUntil(reader: SseReader, last: number): Promise<number[]> {
  const ids: number[] = [];
  while (ids.at(-1) !== last) ids.push(...idsOf((await reader.next("changes")).data));
  return ids;
}

describe("/rows", () => {
  test("of one table, as many as asked for; without a table it says whose there are", async () => {
    expect(await (await fetch(`${rig.origin}/rows`)).json()).toEqual({ topics: ["p.public.t"] });
    const answer = await fetch(`${rig.origin}/rows?${new URLSearchParams({ table: 'public."a,b"', limit: "7" })}`);
    expect(await answer.json()).toEqual({ table: "public.a,b", limit: 7 });
    expect(await (await fetch(`${rig.origin}/rows?table=public.t`)).json()).toEqual({ table: "public.t", limit: 200 });
  });

  test.each([
    ["table=public.t&limit=1001", 'limit is "1001"; allowed: 1 to 1000'],
    ["table=a&table=b", 'table is "a,b"; allowed: one table'],
  ])("%s is refused", async (query, error) => {
    const answer = await fetch(`${rig.origin}/rows?${query}`);
    expect([answer.status, await answer.json()]).toEqual([400, { error }]);
  });
});

describe("/changes", () => {
  test("without a change", async () => {
    expect(await getChanges("")).toEqual({ changes: [], oldestId: null, newestId: null, total: 0, epoch: EPOCH });
  });

  test("the newest, oldest first", async () => {
    [1, 2, 3, 4, 5, 6].forEach((id) => rig.add(id));
    const answer = await getChanges("limit=2");
    expect(idsOf(answer.changes)).toEqual([5, 6]);
    expect(answer).toMatchObject({ oldestId: 2, newestId: 6, total: 6, epoch: EPOCH });
  });

  test("after an id: the ones that follow", async () => {
    [1, 2, 3].forEach((id) => rig.add(id));
    expect(idsOf((await getChanges("after=1&limit=1")).changes)).toEqual([2]);
    expect(idsOf((await getChanges(`after=${EPOCH}-2`)).changes)).toEqual([3]);
    expect(idsOf((await getChanges("after=otherepoch-2")).changes)).toEqual([1, 2, 3]);
  });

  test("filters", async () => {
    rig.add(1);
    rig.add(2, "delete");
    rig.add(3, "update", "public.orders");
    expect(idsOf((await getChanges("op=create,update")).changes)).toEqual([1, 3]);
    expect(idsOf((await getChanges("op=create&op=delete&table=public.customers")).changes)).toEqual([1, 2]);
    expect(idsOf((await getChanges("text=ORDERS")).changes)).toEqual([3]);
  });

  test.each([
    ["public.Order Details", "public.Order Details"],
    ['public."Order Details",public.x', "public.Order Details"],
    ['public."a,b"', "public.a,b"],
    ['public.y,"public"."say ""a,b"""', 'public.say "a,b"'],
    ['public.17"', 'public.17"'],
  ])("the filter table=%s takes %s", async (given, table) => {
    rig.add(1);
    rig.add(2, "update", table);
    expect(idsOf((await getChanges(`table=${encodeURIComponent(given)}`)).changes)).toEqual([2]);
  });

  test.each([
    ["op=upsert", 'op is "upsert"; allowed: snapshot, create, update, delete, truncate, message'],
    ["limit=0", 'limit is "0"; allowed: 1 to 10000'],
    ["limit=many", 'limit is "many"; allowed: 1 to 10000'],
    ["after=-1", 'after is "-1"; allowed: an id, or EPOCH-ID'],
  ])("%s is refused with what is allowed", async (query, error) => {
    for (const path of query.startsWith("limit") ? ["/changes"] : ["/changes", "/events"]) {
      const response = await fetch(`${rig.origin}${path}?${query}`);
      expect([response.status, await response.json()]).toEqual([400, { error }]);
    }
  });
});

describe("/events", () => {
  test("sends the totals at once, then new changes as they come", async () => {
    rig.add(1);
    const reader = await rig.listen("/events");
    expect(await reader.nextAny()).toMatchObject({ event: "totals", data: { epoch: EPOCH, sampled: 0 } });
    rig.add(2);
    expect(await reader.nextAny()).toEqual({
      event: "changes",
      id: `${EPOCH}-2`,
      data: [{ id: 2, op: "create", table: "public.customers" }],
    });
  });

  test("goes on after Last-Event-ID, which is newer than the address", async () => {
    [1, 2, 3].forEach((id) => rig.add(id));
    const reader = await rig.listen(`/events?after=${EPOCH}-0`, { "Last-Event-ID": `${EPOCH}-2` });
    expect(idsOf((await reader.next("changes")).data)).toEqual([3]);
  });

  test("after=0 sends everything that is held", async () => {
    [1, 2, 3].forEach((id) => rig.add(id));
    expect(await idsUntil(await rig.listen("/events?after=0"), 3)).toEqual([1, 2, 3]);
  });

  test("sends a gap when the ring no longer has the next change", async () => {
    [1, 2, 3, 4, 5, 6, 7, 8].forEach((id) => rig.add(id));
    const reader = await rig.listen(`/events?after=${EPOCH}-1`);
    expect((await reader.next("gap")).data).toEqual({ reason: "evicted", missed: 2 });
    expect(await idsUntil(reader, 8)).toEqual([4, 5, 6, 7, 8]);
  });

  test("reports a restart: an id of another epoch does not apply to this one", async () => {
    [1, 2].forEach((id) => rig.add(id));
    const reader = await rig.listen("/events", { "Last-Event-ID": "oldepoch-1" });
    expect((await reader.next("gap")).data).toEqual({ reason: "restarted", missed: null });
    expect(await idsUntil(reader, 2)).toEqual([1, 2]);
  });

  test("filters", async () => {
    const reader = await rig.listen("/events?op=delete");
    await reader.next("totals");
    rig.add(1);
    rig.add(2, "delete");
    expect(idsOf((await reader.next("changes")).data)).toEqual([2]);
  });

  test("a client that reads late gets the last changes of a process that ends", async () => {
    const response = await fetch(`${rig.origin}/events`);
    rig.add(1);
    rig.add(2);
    await rig.feed.end();
    rig.server.closeAllConnections();
    expect(await response.text()).toContain(`id: ${EPOCH}-2\n`);
  });

  test("a client that leaves is forgotten", async () => {
    const reader = await rig.listen("/events");
    await reader.next("totals");
    expect(rig.feed.size).toBe(1);
    const closed = new Promise((resolve) => rig.server.once("connection", resolve));
    reader.close();
    await rig.listen("/events");
    await closed;
    for (let turn = 0; rig.feed.size > 1 && turn < 1000; turn++) await new Promise(setImmediate);
    expect(rig.feed.size).toBe(1);
  });
});
