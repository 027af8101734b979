import { expect, test } from "@jest/globals";
import { sortLocks } from "../../commands/interrupted";
import { stateFolder } from "../../toolchain/state-folder.cjs";

test("a lock is dead when its process on this machine is gone, and held otherwise", () => {
  const lock = (pid: number, hostname: string) => ({ file: `${pid}.json`, pid, hostname });
  const [gone, running, elsewhere] = [lock(1, "here"), lock(2, "here"), lock(1, "there")];
  const sorted = sortLocks([gone, running, elsewhere], "here", (pid) => pid === 2);
  expect(sorted).toEqual({ dead: [gone], held: [running, elsewhere] });
});

test("the state is looked for in the project, or in the folder that the backend's address names", () => {
  const folders = [undefined, "", "file://./.state", "file:///srv/state?no_tmp_dir=true", "file://~/pulumi", "s3://b"];
  const found = folders.map((url) => stateFolder(url, "/home/me"));
  expect(found).toEqual([".state", ".state", "./.state", "/srv/state", "/home/me/pulumi", undefined]);
});
