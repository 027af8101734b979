import { describe, expect, test } from "@jest/globals";
import { Positions } from "../../../../consumer/kafka/lanes/positions";

/** Records with these offsets, each a second later than the one before. */
const records = (from: number, to: number, second = from) =>
  Array.from({ length: to - from + 1 }, (_, i) => ({
    offset: String(from + i),
    timestamp: String((second + i) * 1000),
  }));
const offsets = (messages: readonly { offset: string }[]) => messages.map(({ offset }) => Number(offset));

describe("how far a partition was taken", () => {
  test("records that go on where it is are all taken, as they are", () => {
    const positions = new Positions();
    const first = records(5, 8);
    expect(positions.take("t/0", first).fresh).toBe(first);
    const next = records(9, 9);
    expect(positions.take("t/0", next)).toEqual({ fresh: next, anew: false });
    expect(positions.last("t/0")).toBe("9");
  });

  test("records that come again are not taken again", () => {
    const positions = new Positions();
    positions.take("t/0", records(0, 9));
    expect(offsets(positions.take("t/0", records(4, 7)).fresh)).toEqual([]);
    expect(offsets(positions.take("t/0", records(8, 12)).fresh)).toEqual([10, 11, 12]);
    expect(offsets(positions.take("other/0", records(0, 2)).fresh)).toEqual([0, 1, 2]);
  });

  test("a topic that was made again is taken from its beginning, however many records it has by then", () => {
    const positions = new Positions();
    positions.take("t/0", records(0, 9));
    expect(offsets(positions.take("t/0", records(0, 20, 100)).fresh)).toEqual(Array.from({ length: 21 }, (_, i) => i));
    expect(positions.take("t/0", records(0, 3, 200)).anew).toBe(true);
    expect(positions.take("t/0", records(2, 3, 202)).anew).toBe(false);
    expect(offsets(positions.take("t/0", records(2, 4, 202)).fresh)).toEqual([4]);
  });

  test("a partition that went to another member is taken from where that one left it", () => {
    const positions = new Positions();
    positions.take("t/0", records(0, 9));
    positions.take("t/1", records(0, 9));
    positions.keepOnly((partition) => partition === "t/1");
    expect(offsets(positions.take("t/0", records(5, 6)).fresh)).toEqual([5, 6]);
    expect(offsets(positions.take("t/1", records(5, 6)).fresh)).toEqual([]);
  });

  test("records whose times are not in order are not taken again, together or alone", () => {
    const positions = new Positions();
    const [tenth, eleventh] = [records(10, 10, 1000)[0]!, records(11, 11, 900)[0]!];
    positions.take("t/0", records(8, 9));
    positions.take("t/0", [tenth, eleventh]);
    expect(positions.take("t/0", [tenth, eleventh])).toEqual({ fresh: [], anew: false });
    expect(positions.take("t/0", [tenth])).toEqual({ fresh: [], anew: false });
    expect(positions.last("t/0")).toBe("11");
    // One such time does not hide a topic that was made again.
    expect(positions.take("t/0", records(0, 11, 500)).anew).toBe(true);
  });

  test("of thousands of batches those at hand are still known, and so is a topic that was made again", () => {
    const positions = new Positions();
    for (let at = 0; at < 1000; at++) positions.take("t/0", records(at, at));
    for (const at of [0, 500, 967, 968, 999]) expect(positions.take("t/0", records(at, at)).fresh).toEqual([]);
    expect(positions.take("t/0", records(0, 5, 1000)).anew).toBe(true);
  });

  test("nothing is nothing", () => {
    expect(new Positions().take("t/0", [])).toEqual({ fresh: [], anew: false });
  });
});
