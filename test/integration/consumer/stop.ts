import { expect, test } from "@jest/globals";
import { docker } from "../../support/stack";
import type { Rig } from "./rig";

const TABLE = "public.stopped";
/** After this time, the group removes a member that has not left by itself. */
const SESSION_MS = 6_000;

export function stop(rig: Rig): void {
  test("docker stop in the middle of a stream commits what is handled and leaves the group: nothing comes twice", async () => {
    const { database } = rig;
    await database.query("insert into stopped select id, 0, 'slow' from generate_series(1, 3000) id");
    await rig.handled(TABLE, 100);
    await docker("stop", rig.container);
    expect(await docker("inspect", "--format", "{{.State.ExitCode}}", rig.container)).toBe("0");

    expect(await docker("logs", "--tail", "5", rig.container)).toContain("the handler is closed");
    expect(await rig.members()).toBe(0);
    const committed = await rig.committed(TABLE);
    expect(committed).toBeLessThan(3000);
    const [before] = await rig.printedUpTo(TABLE, committed - 1);
    expect(before!.length).toBe(committed);

    await database.query("insert into stopped select id, 0, null from generate_series(3001, 3010) id");
    const began = Date.now();
    await docker("start", rig.container);
    await rig.handled(TABLE, 1);
    expect(Date.now() - began).toBeLessThan(SESSION_MS);
    await rig.until(TABLE, (changes) => changes.at(-1)?.after?.["id"] === 3010);

    const offsets = (await rig.printedUpTo(TABLE, 3009)).map((changes) => changes.map(({ offset }) => Number(offset)));
    expect(offsets).toHaveLength(2);
    expect(offsets.flat()).toEqual(Array.from({ length: 3010 }, (_, i) => i));
    expect(await rig.metric("cdc_duplicates_total")).toBe(0);
  }, 120_000);
}
