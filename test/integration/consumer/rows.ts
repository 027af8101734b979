import { expect, test } from "@jest/globals";
import type { RowsJson } from "../../../consumer/api";
import type { Rig } from "./rig";

const TABLE = "public.kept";
const ROWS = 12_000;

export function rows(rig: Rig): void {
  test("the table as its topic tells it: each key's latest row, none that was deleted, and nothing from before a TRUNCATE", async () => {
    const { database } = rig;
    await database.query(
      "insert into kept select id, 0, repeat(md5(id::text), 100) from generate_series(1, $1::int) id",
      [ROWS],
    );
    await database.query("update kept set version = 1 where id % 3 = 0");
    await database.query("delete from kept where id <= 6000");
    await rig.handled(TABLE, ROWS + ROWS / 3 + 6000);

    const newest = await rig.rows(TABLE, 3);
    expect(newest).toMatchObject({ topic: rig.topicOf(TABLE), whole: false });
    expect(newest.rows.map(({ row }) => row["id"])).toEqual([12_000, 11_997, 11_994]);
    // With REPLICA IDENTITY FULL, the unchanged large value came with the update.
    expect(newest.rows.map(({ row }) => String(row["doc"]).length)).toEqual([3_200, 3_200, 3_200]);
    expect((await rig.rows(TABLE, 1_000)).rows).toHaveLength(1_000);

    await database.query("delete from kept where id > 6100");
    await rig.handled(TABLE, ROWS + ROWS / 3 + ROWS - 100);
    const left = await rig.rows(TABLE, 1_000);
    const wanted = await database.query<{ id: number; version: number }>("select id, version from kept order by id");
    const told = left.rows.map(({ row: { id, version } }) => ({ id, version }));
    expect(told.sort((a, b) => Number(a.id) - Number(b.id))).toEqual(wanted.rows);
    expect(left.whole).toBe(true);

    await database.query("truncate kept");
    await database.query("insert into kept values (1, 2, null)");
    await rig.until(TABLE, (changes) => changes.at(-1)?.after?.["version"] === 2);
    const emptied = await rig.rows(TABLE, 1_000);
    expect(emptied).toMatchObject({ rows: [{ key: { id: 1 }, row: { id: 1, version: 2, doc: null } }], whole: true });
  }, 120_000);

  test("a table without a key has no rows to tell, and says so", async () => {
    await rig.database.query("insert into keyless values (1)");
    await rig.handled("public.keyless", 1);
    const said = (await rig.rows("public.keyless", 1)) as RowsJson & { error?: string };
    expect(said.error).toBe(
      "public.keyless has no primary key, so no record says which row it is of; its changes are at /changes",
    );
  });
}
