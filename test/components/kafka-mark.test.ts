import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { withoutEmptyMark } from "../../components/kafka";

test("a mark of an orderly shutdown stays, and an empty one, which a full disk leaves, goes", () => {
  const folder = mkdtempSync(join(tmpdir(), "cdc-mark-"));
  const mark = join(folder, ".kafka_cleanshutdown");
  const after = (content: string | null): boolean => {
    rmSync(mark, { force: true });
    if (content !== null) writeFileSync(mark, content);
    execFileSync("sh", ["-ec", withoutEmptyMark(folder)]);
    return existsSync(mark);
  };
  expect([after('{"version":0,"brokerEpoch":3}'), after(""), after(null)]).toEqual([true, false, false]);
  rmSync(folder, { recursive: true });
});
